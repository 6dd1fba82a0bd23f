using System.Text.RegularExpressions;
using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Import;
using Proxima.Core.Rewards;
using Proxima.Core.Settings;
using Proxima.TestSupport;

namespace Proxima.Repository.Tests;

/// <summary>Documentation against the code.</summary>
public sealed partial class DocumentationTests
{
    private const string LastMark = "<!-- end of the arguments -->";

    /// <summary>Options of the scripts, of the command line itself and of other programs.</summary>
    private static readonly string[] OptionsOfPrograms =
    [
        "quick", "full", "global", "help", "version", "markdown", "key", "filter", "configuration", "project", "output", "source", "schema", "rules", "mpi", "mca", "bind",
        "nodes", "ntasks", "cpus", "time", "signal",
    ];

    private static readonly ArgumentSchema Schema = ArgumentSchema.Of<PpoCommandSettings>();

    private static readonly Dictionary<string, ArgumentSchema> SchemaOf = new()
    {
        ["ppo"] = Schema,
        ["sft"] = ArgumentSchema.Of<SftCommandSettings>(),
        ["reward"] = ArgumentSchema.Of<RewardCommandSettings>(),
        ["generate"] = ArgumentSchema.Of<GenerateCommandSettings>(),
        ["eval"] = ArgumentSchema.Of<EvalCommandSettings>(),
        ["dashboard"] = ArgumentSchema.Of<DashboardCommandSettings>(),
        ["data check"] = ArgumentSchema.Of<DataCheckCommandSettings>(),
        ["data convert"] = ArgumentSchema.Of<DataConvertCommandSettings>(),
        ["compare"] = ArgumentSchema.Of<CompareCommandSettings>(),
        ["init"] = ArgumentSchema.Of<InitCommandSettings>(),
        ["import-config"] = ArgumentSchema.Of<ImportCommandSettings>(),
        ["doctor"] = ArgumentSchema.Of<DoctorCommandSettings>(),
    };

    /// <summary>Arguments of all commands.</summary>
    private static readonly ArgumentDefinition[] Arguments = [.. SchemaOf.Values.SelectMany(schema => schema.Arguments)];

    private static IReadOnlyList<string> Pages => RepositoryFiles.WithEnding(".md");

    /// <summary>The pages about the product; those beside data and goldens name options of the programs that made these.</summary>
    private static IEnumerable<string> ProductPages =>
        Pages.Where(page => RepositoryFiles.Relative(page) is var path && (!path.Contains('/', StringComparison.Ordinal) || path.StartsWith("docs/", StringComparison.Ordinal)));

    [Fact]
    public void Pages_name_only_options_that_exist()
    {
        Assert.All(ProductPages, page =>
            Assert.All(Option().Matches(File.ReadAllText(page)), match =>
            {
                string name = match.Groups["name"].Value;
                Assert.True(Arguments.Any(argument => argument.Name == name) || OptionsOfPrograms.Contains(name), $"{RepositoryFiles.Relative(page)}: there is no --{name}");
            }));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public void The_front_pages_name_only_arguments_that_exist(string page)
    {
        string[] known = [.. Arguments.Select(argument => argument.Name), .. Arguments.SelectMany(argument => argument.Type.Choices), .. RewardFunctionMix.BuiltInNames];

        Assert.All(SnakeCaseWord().Matches(File.ReadAllText(RepositoryPaths.InRepository(page))), match =>
            Assert.Contains(match.Groups["name"].Value, known));
    }

    public static TheoryData<string> Commands => [.. SchemaOf.Keys];

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_page_on_configuration_has_the_tables_that_the_program_prints(string command)
    {
        string mark = $"<!-- arguments: `proxima {command} --help --markdown` writes what follows -->\n";
        string page = File.ReadAllText(RepositoryPaths.InRepository("docs", "configuration.md"));
        int first = page.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        int last = page.IndexOf(LastMark, first, StringComparison.Ordinal);

        Assert.InRange(first, mark.Length, last);
        Assert.Equal(ArgumentHelp.Markdown(SchemaOf[command]), page[first..last].Trim('\n') + "\n");
    }

    [Fact]
    public void The_page_on_migration_has_the_tables_that_the_program_prints()
    {
        string page = File.ReadAllText(RepositoryPaths.InRepository("docs", "migration.md"));

        Assert.All(ConfigImport.Trainers.Values, trainer => Assert.Contains(ConfigImport.Markdown(trainer), page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("run-folder.md")]
    [InlineData("troubleshooting.md")]
    public void Each_exit_code_has_its_place(string page)
    {
        string text = File.ReadAllText(RepositoryPaths.InRepository("docs", page));

        Assert.All(Enum.GetValues<ExitCode>().Where(code => code != ExitCode.Done), code =>
            Assert.Matches($@"(?m)^\| ([0-9]+, )?{(int)code}(, [0-9]+)? \| \S", text));
    }

    [Fact]
    public void Each_page_of_the_documentation_is_in_its_index()
    {
        string index = File.ReadAllText(RepositoryPaths.InRepository("docs", "README.md"));

        Assert.All(Directory.EnumerateFiles(RepositoryPaths.InRepository("docs"), "*.md").Select(Path.GetFileName).Where(name => name != "README.md"), name =>
            Assert.Contains($"]({name})", index, StringComparison.Ordinal));
    }

    [Fact]
    public void Links_between_pages_lead_to_files_that_exist()
    {
        Assert.All(Pages, page =>
            Assert.All(Link().Matches(File.ReadAllText(page)), match =>
            {
                string target = match.Groups["path"].Value;
                string path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, target));
                Assert.True(Path.Exists(path), $"{RepositoryFiles.Relative(page)} links {target}, which does not exist");
            }));
    }

    [Fact]
    public void Scripts_that_pages_call_exist()
    {
        Assert.All(Pages, page =>
            Assert.All(Script().Matches(File.ReadAllText(page)), match =>
                Assert.True(File.Exists(RepositoryPaths.InRepository(match.Value)), $"{RepositoryFiles.Relative(page)}: there is no {match.Value}")));
    }

    [Fact]
    public void The_front_pages_are_in_step()
    {
        string english = File.ReadAllText(RepositoryPaths.InRepository("README.md"));
        string chinese = File.ReadAllText(RepositoryPaths.InRepository("README.zh-CN.md"));

        Assert.Equal(Heading().Matches(english).Select(match => match.Value), Heading().Matches(chinese).Select(match => match.Value));
        Assert.Equal(CodeBlock().Matches(english).Select(match => match.Value), CodeBlock().Matches(chinese).Select(match => match.Value));
        Assert.Equal(
            Link().Matches(english).Select(match => match.Groups["path"].Value).Order(StringComparer.Ordinal),
            Link().Matches(chinese).Select(match => match.Groups["path"].Value == "README.md" ? "README.zh-CN.md" : match.Groups["path"].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"(?<![\w-])--(?<name>[a-z][a-z0-9_]*)(?![\w-])")]
    private static partial Regex Option();

    [GeneratedRegex(@"`(?<name>[a-z0-9]+(_[a-z0-9]+)+)`")]
    private static partial Regex SnakeCaseWord();

    [GeneratedRegex(@"\]\((?<path>(?!https?://)[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"scripts/[a-z_]+\.sh")]
    private static partial Regex Script();

    /// <summary>The depth of each heading.</summary>
    [GeneratedRegex(@"^#+(?= )", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
