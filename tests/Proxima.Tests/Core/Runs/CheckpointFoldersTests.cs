using Proxima.Core;
using Proxima.Core.Runs;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Runs;

public sealed class CheckpointFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notes = [];

    private CheckpointFolders Checkpoints => new(_folder.FullPath);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_manifest_has_size_and_hash_of_every_file()
    {
        Make(5);

        // printf state | sha256sum, printf abc | sha256sum
        Assert.Equal(
            """
            {
              "files": {
                "actor/weights": {
                  "bytes": 3,
                  "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
                },
                "trainer_state.json": {
                  "bytes": 5,
                  "sha256": "4ba69735ca53765ed6a709edb56c6ea236b7193a3b29a6b390c346f0f4340e4e"
                }
              }
            }

            """,
            File.ReadAllText(_folder.At("checkpoint-5", "manifest.json")));
    }

    [Theory]
    [InlineData("actor/weights", "ab", "actor/weights has 2 bytes instead of 3", true)]
    [InlineData("actor/weights", "abd", "the content of actor/weights is not what was saved", false)]
    [InlineData("actor/weights", null, "actor/weights is missing", true)]
    [InlineData("manifest.json", null, "manifest.json is missing", true)]
    [InlineData("manifest.json", "{\"files\": {", "manifest.json is damaged (", true)]
    [InlineData("manifest.json", "null", "manifest.json is damaged (", true)]
    public void Damage_is_named(string file, string? content, string expected, bool isSeenBySize)
    {
        Make(5);
        if (content is null)
        {
            File.Delete(_folder.At("checkpoint-5", file));
        }
        else
        {
            _folder.Write($"checkpoint-5/{file}", content);
        }

        Assert.StartsWith(expected, CheckpointManifest.Damage(Checkpoints.PathOf(5)), StringComparison.Ordinal);
        Assert.Equal(isSeenBySize ? [] : [5], Checkpoints.CompleteSteps());
    }

    [Fact]
    public void The_newest_whole_checkpoint_is_found_in_the_order_of_steps_and_damaged_ones_are_told()
    {
        Make(100);
        Make(20);
        Make(300);
        _folder.Write("checkpoint-300/actor/weights", "abd");
        _folder.Write("checkpoint-1e3/manifest.json", "the user's");

        Assert.Equal([20, 100, 300], Checkpoints.Steps());
        Assert.Equal(_folder.At("checkpoint-100"), Checkpoints.NewestWhole(_notes.Add));
        Assert.Equal(
            [$"{_folder.At("checkpoint-300")} is not whole and is passed over: the content of actor/weights is not what was saved."], _notes);
    }

    [Fact]
    public void Without_checkpoints_there_is_none()
    {
        Assert.Null(Checkpoints.NewestWhole(_notes.Add));
        Assert.Null(new CheckpointFolders(_folder.At("nowhere")).NewestWhole(_notes.Add));
        Assert.Empty(_notes);
    }

    [Fact]
    public void With_damaged_ones_alone_it_is_an_error()
    {
        _folder.Write("checkpoint-5/trainer_state.json", "{}");

        ProximaException error = Assert.Throws<ProximaException>(() => Checkpoints.NewestWhole(_notes.Add));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.Contains("none of the 1 checkpoints in ", error.Message, StringComparison.Ordinal);
        Assert.Contains("is whole; of the newest: manifest.json is missing. Put", error.Message, StringComparison.Ordinal);
        Assert.Single(_notes);
    }

    [Fact]
    public void Later_checkpoints_are_set_aside_under_a_free_name()
    {
        Make(2);
        Make(4);
        _folder.Write("superseded-checkpoint-4/x", "of an earlier time");

        Checkpoints.SetAsideAfter(2, _notes.Add);

        Assert.Equal([2], Checkpoints.Steps());
        Assert.True(File.Exists(_folder.At("superseded-checkpoint-4-2", "manifest.json")));
        Assert.True(File.Exists(_folder.At("superseded-checkpoint-4", "x")));
        Assert.Equal([$"{_folder.At("checkpoint-4")} is of a later step than the run goes on from; it is now superseded-checkpoint-4-2"], _notes);
    }

    private void Make(int step) => AtomicFolder.Replace(Checkpoints.PathOf(step), path =>
    {
        File.WriteAllText(Path.Combine(path, "trainer_state.json"), "state");
        Directory.CreateDirectory(Path.Combine(path, "actor"));
        File.WriteAllText(Path.Combine(path, "actor", "weights"), "abc");
        CheckpointManifest.Write(path);
    });
}
