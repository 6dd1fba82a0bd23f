using System.Text.Json;
using CsCheck;
using Proxima.Core;
using Proxima.Data.Tasks;

namespace Proxima.Tests.Data.Tasks;

public sealed class TaskMixerTests
{
    private static readonly Gen<(int Lines, double Weight)[]> Sources =
        Gen.Select(Gen.Int[1, 30], Gen.Double[0.05, 5]).Array[1, 5];

    [Fact]
    public void Every_pass_over_a_source_is_a_permutation_of_its_lines()
    {
        Gen.Select(Sources, Gen.Long).Sample((sources, seed) =>
        {
            TaskMixer mixer = Create(sources, seed);
            List<TaskDraw> draws = [.. mixer.Next(300)];
            for (int source = 0; source < sources.Length; source++)
            {
                int[] lines = [.. draws.Where(d => d.Source == source).Select(d => d.Line)];
                foreach (int[] pass in lines.Chunk(sources[source].Lines))
                {
                    Assert.Equal(pass.Length, pass.Distinct().Count());
                    Assert.All(pass, line => Assert.InRange(line, 0, sources[source].Lines - 1));
                }
            }
        });
    }

    [Fact]
    public void Weights_are_honoured_within_five_standard_deviations()
    {
        Gen.Select(Sources, Gen.Long).Sample(
            (sources, seed) =>
            {
                const int Draws = 4000;
                TaskMixer mixer = Create(sources, seed);
                double total = sources.Sum(s => s.Weight);
                int[] counts = new int[sources.Length];
                foreach (TaskDraw draw in mixer.Next(Draws))
                {
                    counts[draw.Source]++;
                }

                for (int i = 0; i < sources.Length; i++)
                {
                    double p = sources[i].Weight / total;
                    double tolerance = (5 * Math.Sqrt(Draws * p * (1 - p))) + 1;
                    Assert.InRange(counts[i], (Draws * p) - tolerance, (Draws * p) + tolerance);
                }
            },
            iter: 50);
    }

    [Fact]
    public void Draws_that_are_rewound_come_again()
    {
        Gen.Select(Sources, Gen.Long, Gen.Int[0, 100], Gen.Int[0, 100]).Sample((sources, seed, before, count) =>
        {
            TaskMixer mixer = Create(sources, seed);
            mixer.Next(before);
            TaskMixerState state = mixer.State;
            IReadOnlyList<TaskDraw> draws = mixer.Next(count);

            mixer.Rewind(count);

            Assert.Equal(state.SourceDraws, mixer.State.SourceDraws);
            Assert.Equal(before, mixer.Draws);
            Assert.Equal(draws, mixer.Next(count));
        });
    }

    [Fact]
    public void Restoring_a_state_that_went_through_json_continues_the_sequence()
    {
        Gen.Select(Sources, Gen.Long, Gen.Int[0, 200]).Sample((sources, seed, cut) =>
        {
            TaskMixer first = Create(sources, seed);
            first.Next(cut);
            string saved = JsonSerializer.Serialize(first.State);

            TaskMixer second = Create(sources, seed);
            second.Restore(JsonSerializer.Deserialize<TaskMixerState>(saved)!);

            Assert.Equal(cut, second.Draws);
            Assert.Equal(first.Next(100), second.Next(100));
        });
    }

    [Fact]
    public void The_order_depends_on_the_seed_alone_and_not_on_how_many_are_drawn_at_once()
    {
        Gen.Select(Sources, Gen.Long, Gen.Int[1, 9]).Sample((sources, seed, batch) =>
        {
            TaskDraw[] whole = [.. Create(sources, seed).Next(9 * batch)];
            TaskMixer mixer = Create(sources, seed);
            TaskDraw[] pieces = [.. Enumerable.Range(0, 9).SelectMany(_ => mixer.Next(batch))];
            Assert.Equal(whole, pieces);
        });
    }

    [Fact]
    public void Passes_seeds_and_purposes_give_different_orders()
    {
        TaskMixer mixer = new([50], [1], 7, TaskPurpose.Training);
        IReadOnlyList<TaskDraw> firstPass = mixer.Next(50);

        Assert.NotEqual(firstPass, mixer.Next(50));
        Assert.NotEqual(firstPass, new TaskMixer([50], [1], 8, TaskPurpose.Training).Next(50));
        Assert.NotEqual(firstPass, new TaskMixer([50], [1], 7, TaskPurpose.Ptx).Next(50));
    }

    [Fact]
    public void A_state_of_other_data_is_refused()
    {
        TaskMixerState state = new TaskMixer([3, 4], [1, 1], 1, TaskPurpose.Training).State;

        foreach (int[] lines in new[] { [3], [3, 5], new[] { 3, 4, 1 } })
        {
            TaskMixer other = new(lines, [.. lines.Select(_ => 1.0)], 1, TaskPurpose.Training);
            ProximaException error = Assert.Throws<ProximaException>(() => other.Restore(state));
            Assert.Equal(ExitCode.Data, error.ExitCode);
            Assert.Contains("3, 4", error.Message);
        }
    }

    [Theory]
    [InlineData(10, 4, 3)]
    [InlineData(12, 4, 3)]
    [InlineData(1, 16, 1)]
    public void An_epoch_is_the_lines_over_the_global_batch_rounded_up(int lines, int batch, int steps)
    {
        Assert.Equal(steps, new TaskMixer([lines], [1], 1, TaskPurpose.Training).StepsPerEpoch(batch));
    }

    [Fact]
    public void Wrong_counts_and_weights_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new TaskMixer([], [], 1, TaskPurpose.Training));
        Assert.Throws<ArgumentException>(() => new TaskMixer([1, 2], [1], 1, TaskPurpose.Training));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TaskMixer([0], [1], 1, TaskPurpose.Training));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TaskMixer([1], [0], 1, TaskPurpose.Training));
    }

    private static TaskMixer Create((int Lines, double Weight)[] sources, long seed) =>
        new([.. sources.Select(s => s.Lines)], [.. sources.Select(s => s.Weight)], seed, TaskPurpose.Training);
}
