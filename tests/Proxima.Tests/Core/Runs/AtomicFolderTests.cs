using Proxima.Core.Runs;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Runs;

public sealed class AtomicFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_appears_with_everything_in_it()
    {
        string path = _folder.At("checkpoint-5");

        AtomicFolder.Replace(path, inner =>
        {
            Assert.False(Path.Exists(path));
            File.WriteAllText(Path.Combine(inner, "state.json"), "{}");
            Directory.CreateDirectory(Path.Combine(inner, "actor"));
            File.WriteAllText(Path.Combine(inner, "actor", "config.json"), "{}");
        });

        Assert.Equal(["checkpoint-5/actor/config.json", "checkpoint-5/state.json"], _folder.Entries());
    }

    [Fact]
    public void Files_that_may_not_be_written_again_are_no_obstacle()
    {
        AtomicFolder.Replace(_folder.At("a"), inner =>
        {
            string file = Path.Combine(inner, "copied.json");
            File.WriteAllText(file, "{}");
            File.SetAttributes(file, FileAttributes.ReadOnly);
        });

        Assert.Equal(["a/copied.json"], _folder.Entries());
    }

    [Fact]
    public void When_filling_fails_nothing_is_left_behind()
    {
        Assert.Throws<InvalidOperationException>(() => AtomicFolder.Replace(_folder.At("a"), inner =>
        {
            File.WriteAllText(Path.Combine(inner, "half"), "x");
            throw new InvalidOperationException();
        }));

        Assert.Empty(_folder.Entries());
    }

    [Fact]
    public void Replace_takes_the_place_of_an_older_folder()
    {
        _folder.Write("a/old", "old");

        AtomicFolder.Replace(_folder.At("a"), inner => File.WriteAllText(Path.Combine(inner, "new"), "new"));

        Assert.Equal(["a/new"], _folder.Entries());
    }

    [Fact]
    public void Replace_keeps_the_older_folder_when_filling_fails()
    {
        _folder.Write("a/old", "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFolder.Replace(_folder.At("a"), _ => throw new InvalidOperationException()));

        Assert.Equal(["a/old"], _folder.Entries());
    }

    [Fact]
    public void Leftovers_of_a_stopped_process_are_removed_and_nothing_else()
    {
        _folder.Write(".hidden", "user's");
        string? half = null;
        AtomicFolder.Replace(_folder.At("a"), inner =>
        {
            half = Path.GetFileName(inner);
            File.WriteAllText(Path.Combine(inner, "x"), "x");
        });
        _folder.Write($"{half}/x", "half written");

        AtomicFolder.RemoveLeftovers(_folder.FullPath);

        Assert.Equal([".hidden", "a/x"], _folder.Entries());
    }

    [Fact]
    public void A_folder_that_was_moved_aside_comes_back_when_its_successor_never_came()
    {
        _folder.Write(".a.aside-0123/old", "old");
        _folder.Write(".a.partial-4567/new", "new");

        AtomicFolder.RemoveLeftovers(_folder.FullPath);

        Assert.Equal(["a/old"], _folder.Entries());
    }

    [Fact]
    public void A_folder_that_was_moved_aside_goes_when_its_successor_is_there()
    {
        _folder.Write("a/new", "new");
        _folder.Write(".a.aside-0123/old", "old");

        AtomicFolder.RemoveLeftovers(_folder.FullPath);

        Assert.Equal(["a/new"], _folder.Entries());
    }

    [Fact]
    public void What_is_to_happen_before_happens_when_all_is_written_and_not_yet_there()
    {
        _folder.Write("a/old", "old");

        AtomicFolder.Replace(_folder.At("a"), inner => File.WriteAllText(Path.Combine(inner, "new"), "new"), () =>
        {
            Assert.Equal(["old"], Directory.GetFiles(_folder.At("a")).Select(Path.GetFileName));
            Assert.Equal(["new"], Directory.GetFiles(Assert.Single(Directory.GetDirectories(_folder.FullPath, ".a.*"))).Select(Path.GetFileName));
        });

        Assert.Equal(["a/new"], _folder.Entries());
    }

    [Fact]
    public void A_removed_folder_is_gone()
    {
        _folder.Write("a/b/c", "x");

        AtomicFolder.Delete(_folder.At("a"));

        Assert.Empty(_folder.Entries());
    }
}
