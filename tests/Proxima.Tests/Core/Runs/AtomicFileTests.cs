using Proxima.Core.Runs;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Runs;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_written_whole_and_replaces_an_older_one()
    {
        string path = _folder.Write("a.txt", "old");

        AtomicFile.WriteText(path, "new ü");

        Assert.Equal("new ü"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Equal(["a.txt"], _folder.Entries());
    }

    [Fact]
    public void When_writing_fails_the_older_file_stays_and_nothing_is_left_behind()
    {
        string path = _folder.Write("a.txt", "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, file =>
        {
            file.Write("half"u8);
            throw new InvalidOperationException();
        }));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["a.txt"], _folder.Entries());
    }

    [Fact]
    public void While_it_is_written_the_final_name_shows_the_older_file()
    {
        string path = _folder.Write("a.txt", "old");
        string? seen = null;

        AtomicFile.Write(path, file =>
        {
            file.Write("new"u8);
            file.Flush();
            seen = File.ReadAllText(path);
        });

        Assert.Equal("old", seen);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_an_error()
    {
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.WriteText(_folder.At("no", "a.txt"), "x"));
    }
}
