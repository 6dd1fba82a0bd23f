using Proxima.Core;
using Proxima.Core.Untrusted;
using Proxima.TestSupport;

namespace Proxima.Tests.Reliability;

public sealed class ModelLinksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_link_within_the_folder_is_followed()
    {
        string model = Model();
        File.CreateSymbolicLink(Path.Combine(model, "tokenizer.json"), "config.json");
        Directory.CreateSymbolicLink(_folder.At("by_link"), model);

        ModelLinks.Check(model);
        ModelLinks.Check(_folder.At("by_link"));
    }

    [Theory]
    [InlineData("../secret.txt")]
    [InlineData("ABSOLUTE")]
    [InlineData("../model_of_another/x")]
    [InlineData("nowhere")]
    [InlineData("tokenizer.json")]
    public void A_link_that_leads_outside_or_nowhere_is_refused(string target)
    {
        string model = Model();
        _folder.Write("secret.txt", "x");
        Directory.CreateDirectory(_folder.At("model_of_another"));
        _folder.Write("model_of_another/x", "x");
        string link = Path.Combine(model, "tokenizer.json");
        File.CreateSymbolicLink(link, target == "ABSOLUTE" ? _folder.At("secret.txt") : target);

        ProximaException refused = Assert.Throws<ProximaException>(() => ModelLinks.Check(model));

        Assert.Equal(ExitCode.Data, refused.ExitCode);
        Assert.StartsWith($"{link} is a symbolic link to ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("follow_model_links true", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_folder_outside_is_refused_too()
    {
        string model = Model();
        Directory.CreateSymbolicLink(Path.Combine(model, "up"), "..");

        Assert.Throws<ProximaException>(() => ModelLinks.Check(model));
    }

    private string Model()
    {
        Directory.CreateDirectory(_folder.At("model"));
        _folder.Write("model/config.json", "{}");
        return _folder.At("model");
    }
}
