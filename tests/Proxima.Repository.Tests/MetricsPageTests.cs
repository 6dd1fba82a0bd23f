using System.Reflection;
using System.Text.RegularExpressions;
using Proxima.Core.Metrics;
using Proxima.TestSupport;

namespace Proxima.Repository.Tests;

public sealed partial class MetricsPageTests
{
    [Fact]
    public void The_page_on_metrics_explains_each_metric_once_and_no_other()
    {
        IEnumerable<string> names = typeof(MetricNames)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!);
        string page = File.ReadAllText(RepositoryPaths.InRepository("docs", "metrics.md"));

        Assert.Equal(names.Order(StringComparer.Ordinal), Row().Matches(page).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| `(?<name>[a-z]+/[a-z0-9_]+)` \| \S", RegexOptions.Multiline)]
    private static partial Regex Row();
}
