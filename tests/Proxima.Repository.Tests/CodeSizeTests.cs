using Proxima.TestSupport;

namespace Proxima.Repository.Tests;

public sealed class CodeSizeTests
{
    private const int LinesOfAFile = 400;
    private const int LinesOfAMethod = 60;
    private const int BytesOfAnOutputFolder = 10_000_000;

    [Fact]
    public void No_file_of_code_is_longer_than_400_lines()
    {
        Assert.All(RepositoryFiles.WithEnding(".cs"), file =>
        {
            int lines = File.ReadAllLines(file).Length;
            Assert.True(lines <= LinesOfAFile, $"{RepositoryFiles.Relative(file)} has {lines} lines");
        });
    }

    [Fact]
    public void Methods_are_shorter_than_60_lines()
    {
        Assert.All(RepositoryFiles.WithEnding(".cs"), file =>
            Assert.All(MethodLengths.Of(File.ReadAllLines(file)), method =>
                Assert.True(method.Lines < LinesOfAMethod, $"{RepositoryFiles.Relative(file)}:{method.FirstLine} has {method.Lines} lines")));
    }

    [Fact]
    public void The_length_of_a_method_counts_from_its_first_line_to_its_closing_brace()
    {
        string[] code =
        [
            "public sealed class A",
            "{",
            "    private readonly List<int> _list = new()",
            "    {",
            "        1,",
            "    };",
            "",
            "    public void B(",
            "        int a = 1)",
            "    {",
            "        if (a > 0)",
            "        {",
            "        }",
            "    }",
            "",
            "    public void Lambda() => Each(x =>",
            "    {",
            "        B(x);",
            "    });",
            "",
            "    private sealed class C",
            "    {",
            "        public int D()",
            "        {",
            "            return 1;",
            "        }",
            "    }",
            "}",
        ];

        Assert.Equal([(8, 7), (16, 4), (23, 4)], MethodLengths.Of(code));
    }

    [Fact]
    public void Output_folders_stay_under_10_MB()
    {
        string output = RepositoryPaths.InRepository("artifacts", "bin");
        string[] folders = [.. Directory.GetDirectories(output).SelectMany(Directory.GetDirectories)];
        Assert.NotEmpty(folders);
        Assert.All(folders, folder =>
        {
            long bytes = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
            Assert.True(bytes < BytesOfAnOutputFolder, $"{RepositoryFiles.Relative(folder)} has {bytes:N0} bytes");
        });
    }
}
