using System.Text.RegularExpressions;
using Proxima.TestSupport;

namespace Proxima.Repository.Tests;

/// <summary>
/// Which test reads which reference file. A file that no row of the table names, a row without a file, and a row whose test no
/// longer names the folder are errors, so that no reference lies about unread.
/// </summary>
public sealed class GoldenInventoryTests
{
    private const long BytesOfAllCopies = 25_000_000;

    /// <summary>Files of tests/goldens by pattern, the test file that reads them, and what that file calls them.</summary>
    private static readonly (string Pattern, string ReadBy, string Words)[] Read =
    [
        (@"chat_templates/(own_templates|expected_own)\.json", "Text/Templates/OwnTemplateGoldenTests.cs", "expected_own.json"),
        (@"chat_templates/language\.json\.gz", "Text/Templates/LanguageGoldenTests.cs", "language.json.gz"),
        (@"models/\w+/golden\.(json|safetensors)", "Models/GoldenModel.cs", "golden.safetensors"),
        (@"models/\w+/causal/(?!config_v4).*", "Models/GoldenLogitTests.cs", "golden.Causal"),
        (@"models/\w+/causal/config_v4\.json", "Models/GoldenLogitTests.cs", "config_v4.json"),
        (@"models/\w+/score/(?!config_v4).*", "Models/GoldenGradientTests.cs", "golden.Score"),
        (@"models/\w+/score/config_v4\.json", "Models/GoldenScoreTests.cs", "config_v4.json"),
        (@"models/gpt2/causal_legacy/.*", "Models/DecoderTests.cs", "causal_legacy"),
        (@"models/qwen2_gqa/causal_bin/.*", "Models/Weights/TorchArchiveTests.cs", "causal_bin"),
        (@"ppo/openrlhf\.json", "Training/Peers/OpenRlhfTests.cs", "\"openrlhf\""),
        (@"ppo/verl\.json", "Training/Peers/VeRlTests.cs", "\"verl\""),
        (@"ppo/paddlenlp\.json", "Training/Peers/PaddleNlpTests.cs", "\"paddlenlp\""),
        (@"ppo/schedules\.json", "Training/ScheduleTests.cs", "schedules.json"),
        (@"ppo/trl/reward_trainer/(reward_trainer\.json|gradients\.safetensors)", "Training/Peers/TrlRewardGradientTests.cs", "gradients.safetensors"),
        (@"ppo/trl/reward_trainer/(?!reward_trainer\.json|gradients\.safetensors).*", "Training/Preferences/RewardTrainerTests.cs", "after_one_step.safetensors"),
        (@"ppo/trl/models/\w+/(config\.json|model\.safetensors|generation_config\.json)", "Training/Peers/TrlModels.cs", "\"models\""),
        (@"ppo/trl/models/policy/(tokenizer|tokenizer_config|special_tokens_map)\.json", "Cli/ModelReportTests.cs", "\"policy\""),
        (@"ppo/trl/(?!models|reward_trainer)\w+/(run\.json|update_\d\.safetensors)", "Training/Peers/TrlRun.cs", "update_{update}.safetensors"),
        (@"ppo/trl/(?!models|reward_trainer)\w+/(policy|value)_after_\d/.*", "Training/Peers/TrlReplay.cs", "_run.After("),
        (@"sampling/cases\.json\.gz", "Generation/TokenSamplerTests.cs", "cases.json.gz"),
        (@"tensorboard/events\.tfevents", "Core/Metrics/TensorBoard/EventFileTests.cs", "events.tfevents"),
        (@"tokenizers/(corpus|manifest)\.json", "Text/GoldenFiles.cs", "corpus.json"),
        (@"tokenizers/fuzz\.json\.gz", "Text/GoldenFiles.cs", "fuzz.json.gz"),
        (@"tokenizers/components\.json\.gz", "Text/TokenizerComponentTests.cs", "components"),
        (@"tokenizers/\w+\.sp\.json\.gz", "Text/SentencePieceGoldenTests.cs", ".sp.json.gz"),
        (@"tokenizers/(?!fuzz|components)\w+\.json\.gz", "Text/TokenizerGoldenTests.cs", "GoldenFiles.Read("),
        (@"variants/\w+/(causal|score)/.*", "Models/VariantTests.cs", "score_no_prefix"),
        (@"variants/\w+/golden\.safetensors", "Models/VariantTests.cs", "golden.safetensors"),
        (@"variants/\w+/golden\.json", "Cli/ModelReportTests.cs", "variants"),
        (@"tokenizers/small/.*", "Text/TokenizerSources.cs", "small"),
    ];

    /// <summary>Files of the reference folder beside the repository that are not copied here, and why.</summary>
    private static readonly (string Pattern, string Why)[] NotCopied =
    [
        (@"chat_templates/templates/.*", "templates of other people: RealTemplateGoldenTests reads them there"),
        (@"chat_templates/(conversations\.json|expected_real\.json\.gz)", "what those give: RealTemplateGoldenTests reads them there"),
        (@"curves/.*", "learning curves, for docs/curves.md; a run of hours is no test"),
        (@"ppo/trl_grpo\.json", "GRPO is not offered"),
        (@"tools/.*", "the programs that made the reference files, not data"),
    ];

    [Fact]
    public void Every_reference_file_is_read_by_a_test()
    {
        string[] files = FilesBelow(RepositoryPaths.InRepository("tests", "goldens"));
        Assert.All(files, file => Assert.True(Read.Count(row => Matches(row.Pattern, file)) == 1, $"tests/goldens/{file} is not in one row of the table"));
        Assert.All(Read, row =>
        {
            Assert.True(files.Any(file => Matches(row.Pattern, file)), $"no file is like {row.Pattern}");
            string reader = RepositoryPaths.InRepository(["tests", "Proxima.Tests", .. row.ReadBy.Split('/')]);
            Assert.True(File.Exists(reader), $"{row.ReadBy} is gone");
            Assert.True(File.ReadAllText(reader).Contains(row.Words, StringComparison.Ordinal), $"{row.ReadBy} no longer says {row.Words}");
        });
    }

    [Fact]
    public void Every_file_of_the_reference_folder_has_an_equal_copy_or_a_reason()
    {
        string reference = RepositoryPaths.Shared("goldens");
        Assert.All(FilesBelow(reference), file =>
        {
            string copy = RepositoryPaths.InRepository(["tests", "goldens", .. file.Split('/')]);
            bool isExempt = NotCopied.Any(row => Matches(row.Pattern, file));
            Assert.True(isExempt != File.Exists(copy), isExempt ? $"{file} is copied although it need not be" : $"{file} has no copy in tests/goldens");
            if (!isExempt)
            {
                Assert.True(File.ReadAllBytes(Path.Combine(reference, file)).SequenceEqual(File.ReadAllBytes(copy)), $"{file} differs from its copy");
            }
        });
    }

    [Fact]
    public void All_copies_together_stay_under_25_MB()
    {
        long bytes = FilesBelow(RepositoryPaths.InRepository("tests", "goldens")).Sum(file => new FileInfo(RepositoryPaths.InRepository("tests", "goldens", file)).Length);
        Assert.InRange(bytes, 1, BytesOfAllCopies);
    }

    [Fact]
    public void Every_folder_of_references_says_what_made_it()
    {
        Assert.All(Directory.GetDirectories(RepositoryPaths.InRepository("tests", "goldens")), folder =>
            Assert.Contains("tools/goldens/", File.ReadAllText(Path.Combine(folder, "README.md")), StringComparison.Ordinal));
    }

    private static bool Matches(string pattern, string file) => Regex.IsMatch(file, $"^{pattern}$");

    /// <summary>Data files as paths with slashes.</summary>
    private static string[] FilesBelow(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(path => !path.EndsWith("README.md", StringComparison.Ordinal)),
    ];
}
