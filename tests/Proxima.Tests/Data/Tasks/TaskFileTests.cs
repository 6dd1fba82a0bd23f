using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Data.Tasks;

namespace Proxima.Tests.Data.Tasks;

public sealed class TaskFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Prob_defaults_to_one_zero_drops_and_the_rest_is_normalised()
    {
        _folder.Write("a.jsonl", "");
        _folder.Write("c.jsonl.gz", "");
        string path = _folder.Write("task.json", """
            // a comment
            [
                {"filepath": "a.jsonl", "prob": 3},
                {"filepath": "not-there.jsonl", "prob": 0},
                {"filepath": "neither.jsonl", "prob": -2},
                {"filepath": "c.jsonl.gz"},
            ]
            """);

        TaskFile task = TaskFile.Load(path, _folder.Root);

        Assert.Equal(
            [
                new TaskSource(Path.Combine(_folder.Root, "a.jsonl"), 0.75),
                new TaskSource(Path.Combine(_folder.Root, "c.jsonl.gz"), 0.25),
            ],
            task.Sources);
    }

    [Fact]
    public void A_relative_path_is_looked_for_beside_the_task_file_and_then_in_the_working_folder()
    {
        string path = _folder.Write("config/task.json", """[{"filepath": "data/both.jsonl"}, {"filepath": "data/far.jsonl"}]""");
        string near = _folder.Write("config/data/both.jsonl", "");
        _folder.Write("data/both.jsonl", "");
        string far = _folder.Write("data/far.jsonl", "");

        TaskFile task = TaskFile.Load(path, _folder.Root);

        Assert.Equal([near, far], task.Sources.Select(source => source.FilePath));
    }

    [Fact]
    public void An_absolute_path_is_taken_as_it_is()
    {
        string data = _folder.Write("elsewhere/a.jsonl", "");
        string path = _folder.Write("task.json", $$"""[{"filepath": "{{data}}"}]""");

        Assert.Equal(data, TaskFile.Load(path, _folder.Root).Sources[0].FilePath);
    }

    [Theory]
    [InlineData("[", "is not valid JSON")]
    [InlineData("", "is not valid JSON")]
    [InlineData("{\"filepath\": \"a.jsonl\"}", "is a JSON Object. Expected an array")]
    [InlineData("[]", "keeps 0 of 0 sources")]
    [InlineData("[{\"filepath\": \"a.jsonl\", \"prob\": 0}]", "keeps 0 of 1 sources")]
    [InlineData("[{\"filepath\": \"a.jsonl\", \"prob\": 1e308}, {\"filepath\": \"a.jsonl\", \"prob\": 1e308}]", "total prob")]
    [InlineData("[\"a.jsonl\"]", "entry 1 is \"a.jsonl\". Expected an object")]
    [InlineData("[{\"prob\": 1}]", "entry 1 names no file")]
    [InlineData("[{\"filepath\": \" \"}]", "entry 1 names no file")]
    [InlineData("[{\"filepath\": 3}]", "entry 1 names no file")]
    [InlineData("[{\"filepath\": \"a.jsonl\"}, {\"filepath\": \"a.jsonl\", \"probe\": 1}]", "entry 2 has the unknown key \"probe\"")]
    [InlineData("[{\"filepath\": \"a.jsonl\", \"prob\": \"1\"}]", "entry 1 has prob \"1\". Expected a finite number")]
    [InlineData("[{\"filepath\": \"a.jsonl\", \"prob\": 1e999}]", "entry 1 has prob 1e999")]
    [InlineData("[{\"filepath\": \"a.jsonl\", \"prob\": 1, \"prob\": 2}]", "is not valid JSON")]
    [InlineData("[{\"filepath\": \"missing.jsonl\"}]", "names missing.jsonl, which is not there")]
    public void A_wrong_task_file_is_a_data_error_that_names_the_file_and_the_reason(string text, string reason)
    {
        _folder.Write("a.jsonl", "");
        string path = _folder.Write("task.json", text);

        ProximaException error = Assert.Throws<ProximaException>(() => TaskFile.Load(path, _folder.Root));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith(path, error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void A_missing_task_file_is_a_data_error()
    {
        ProximaException error = Assert.Throws<ProximaException>(() => TaskFile.Load(Path.Combine(_folder.Root, "none.json"), _folder.Root));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.Contains("none.json", error.Message);
    }

    [Fact]
    public void A_loaded_task_counts_the_lines_of_kept_sources_and_finds_what_was_drawn()
    {
        _folder.Write("a.jsonl", "{\"src\":[\"a0\"],\"tgt\":[]}\n{\"src\":[\"a1\"],\"tgt\":[]}\n");
        _folder.Write("b.jsonl", "{\"src\":[\"b0\"],\"tgt\":[]}\n");
        string path = _folder.Write("task.json", """[{"filepath": "a.jsonl"}, {"filepath": "a.jsonl", "prob": 0}, {"filepath": "b.jsonl"}]""");

        DialogueTask task = DialogueTask.Load(path, DialogueKind.Prompt, InvalidLines.Refuse);

        Assert.Equal(3, task.LineCount);
        Assert.Equal("a1", task[new TaskDraw(0, 1)].Src[0]);
        Assert.Equal("b0", task[new TaskDraw(1, 0)].Src[0]);
        Assert.Equal(3, task.CreateMixer(1, TaskPurpose.Training).LineCount);
        Assert.Equal(["a0", "a1", "b0"], task.Dialogues.Select(d => d.Src[0]));
        Assert.Equal(6, task.Expand(d => [d, d]).LineCount);
    }
}
