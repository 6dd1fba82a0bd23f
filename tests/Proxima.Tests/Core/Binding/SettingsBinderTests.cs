using System.Globalization;
using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Settings;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Binding;

public sealed class SettingsBinderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_words_every_value_is_its_default()
    {
        BoundSettings<SampleSettings> bound = Bind();

        Assert.Equal(new SampleSettings(), bound.Settings);
        Assert.Empty(bound.Written);
        Assert.Empty(bound.Errors);
    }

    [Fact]
    public void A_command_that_takes_texts_has_its_free_words_in_order_and_a_config_before_them()
    {
        string path = _folder.Write("texts.json", """{"big_seed": 5}""");

        (BoundSettings<SampleSettings> bound, IReadOnlyList<string> texts) =
            new SettingsBinder<SampleSettings>("proxima sample").BindWithTexts([path, "one two", "--big_seed", "6", "-3 + 4", "b.json"]);

        Assert.Equal(["one two", "-3 + 4", "b.json"], texts);
        Assert.Equal(6, bound.Settings.Numbers.BigSeed);
        Assert.Equal(path, bound.ConfigPath);
        Assert.Empty(bound.Errors);

        (bound, texts) = new SettingsBinder<SampleSettings>("proxima sample").BindWithTexts(["one", path]);
        Assert.Equal(["one", path], texts);
        Assert.Null(bound.ConfigPath);
    }

    [Fact]
    public void A_file_sets_values_of_every_type()
    {
        string path = _folder.Write("all.json", """
            // a comment
            {
              "count_of_things": -1, // another
              "big_seed": 9007199254740993,
              "beta2": 1e-3,
              "clip_range": null,
              "do_it": true,
              "maybe_do_it": 0,
              "stop_ids": [1, 2],
              "path_or_none": "../a b/ü",
              "title": "",
              "words": ["a,b", "c"],
              "level": "O2",
              "stage": "stage3",
              "part": "core_attn",
            }
            """);

        BoundSettings<SampleSettings> bound = Bind(path);

        Assert.Empty(bound.Errors);
        Assert.Equal(path, bound.ConfigPath);
        SampleNumbers numbers = bound.Settings.Numbers;
        Assert.Equal((-1, 9007199254740993, 0.001), (numbers.CountOfThings, numbers.BigSeed, numbers.Beta2));
        Assert.Null(numbers.ClipRange);
        Assert.Equal((true, false), (numbers.DoIt, numbers.MaybeDoIt));
        Assert.Equal([1, 2], numbers.StopIds!);
        SampleTexts texts = bound.Settings.Texts;
        Assert.Equal(("../a b/ü", ""), (texts.PathOrNone, texts.Title));
        Assert.Equal(["a,b", "c"], texts.Words!);
        Assert.Equal((OptLevel.O2, Sharding.Stage3, RecomputeGranularity.CoreAttn), (texts.Level, texts.Stage, texts.Part));
    }

    [Fact]
    public void The_command_line_wins_over_the_file_and_a_later_word_over_an_earlier()
    {
        string path = _folder.Write("a.json", """{"count_of_things": 5, "beta2": 0.25}""");

        BoundSettings<SampleSettings> bound = Bind(path, "--count_of_things", "6", "--count_of_things=7");

        Assert.Equal((7, 0.25), (bound.Settings.Numbers.CountOfThings, bound.Settings.Numbers.Beta2));
        Assert.Equal("command line", bound.OriginOf("count_of_things"));
        Assert.Equal($"{path}:1", bound.OriginOf("beta2"));
        Assert.Equal("default", bound.OriginOf("do_it"));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    public void Booleans_are_true_false_1_or_0(string word, bool expected)
    {
        Assert.Equal(expected, Bind("--do_it", word).Settings.Numbers.DoIt);
        Assert.Equal(expected, Bind($"--maybe_do_it={word}").Settings.Numbers.MaybeDoIt);
    }

    [Fact]
    public void Words_after_a_key_are_values_even_when_they_are_negative_or_hold_an_equals_sign()
    {
        BoundSettings<SampleSettings> bound = Bind("--count_of_things", "-1", "--title=a=b", "--path_or_none", "x=y");

        Assert.Empty(bound.Errors);
        Assert.Equal(-1, bound.Settings.Numbers.CountOfThings);
        Assert.Equal(("a=b", "x=y"), (bound.Settings.Texts.Title, bound.Settings.Texts.PathOrNone));
    }

    [Fact]
    public void None_switches_off_what_can_be_none()
    {
        string path = _folder.Write("a.json", """{"clip_range": "none", "path_or_none": "none", "stop_ids": null}""");

        Assert.Null(Bind("--clip_range", "none").Settings.Numbers.ClipRange);
        Assert.Null(Bind(path).Settings.Numbers.ClipRange);
        Assert.Null(Bind(path).Settings.Texts.PathOrNone);
        Assert.Null(Bind(path).Settings.Numbers.StopIds);
        Assert.Equal("count_of_things = none (command line): expected a whole number, at least 1, or -1. Change it, or leave it out for the default (3).", OnlyError("--count_of_things", "none"));
    }

    [Fact]
    public void Lists_have_commas_between_or_are_json()
    {
        Assert.Equal([3, 4], Bind("--stop_ids", "3,4").Settings.Numbers.StopIds!);
        Assert.Equal([3], Bind("--stop_ids", "3").Settings.Numbers.StopIds!);
        Assert.Equal([3, 4], Bind("--stop_ids=[3, 4]").Settings.Numbers.StopIds!);
        Assert.Equal(["a", "b"], Bind("--words", "a, b").Settings.Texts.Words!);
        Assert.Equal(["a, b"], Bind("""--words=["a, b"]""").Settings.Texts.Words!);
        Assert.Equal([7], Bind(_folder.Write("a.json", """{"stop_ids": 7}""")).Settings.Numbers.StopIds!);
    }

    [Theory]
    [InlineData("O2")]
    [InlineData("o2")]
    public void Choices_are_read_in_upper_and_lower_case(string word)
    {
        Assert.Equal(OptLevel.O2, Bind("--level", word).Settings.Texts.Level);
    }

    [Fact]
    public void The_empty_text_is_a_choice_where_it_is_named_so()
    {
        Assert.Equal(Sharding.None, Bind("--stage", "stage1", "--stage", "").Settings.Texts.Stage);
        Assert.Contains("expected one of \"\", stage1, stage2, stage3", OnlyError("--stage", "zero"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--count_of_things", "2.5", "a whole number, at least 1, or -1")]
    [InlineData("--count_of_things", "0", "a whole number, at least 1, or -1")]
    [InlineData("--count_of_things", "2147483648", "a whole number, at least 1, or -1")]
    [InlineData("--big_seed", "1e3", "a whole number")]
    [InlineData("--beta2", "1", "a number, at least 0 and below 1")]
    [InlineData("--beta2", "NaN", "a number, at least 0 and below 1")]
    [InlineData("--clip_range", "Infinity", "a number, or none")]
    [InlineData("--beta2", "0,5", "a number, at least 0 and below 1")]
    [InlineData("--do_it", "yes", "true or false")]
    [InlineData("--do_it", "True", "true or false")]
    [InlineData("--stop_ids", "1,x", "a list of whole numbers, each at least 0, or none")]
    [InlineData("--stop_ids", "-4", "a list of whole numbers, each at least 0, or none")]
    [InlineData("--stop_ids", "[1", "a list of whole numbers, each at least 0, or none")]
    [InlineData("--words", "a,,b", "a list of texts, or none")]
    [InlineData("--level", "O3", "one of O1, O2")]
    [InlineData("--path_or_none", "", "a text, or none")]
    public void A_value_of_another_type_or_range_is_an_error_that_tells_what_belongs_there(string key, string value, string expected)
    {
        BoundSettings<SampleSettings> bound = Bind(key, value);

        SettingsError error = Assert.Single(bound.Errors);
        Assert.Equal(expected, error.Expected);
        Assert.Equal(key[2..], Assert.Single(bound.Failed));
        Assert.Equal(new SampleSettings(), bound.Settings);
    }

    [Theory]
    [InlineData("""{"count_of_things": "5"}""")]
    [InlineData("""{"beta2": "0.1"}""")]
    [InlineData("""{"do_it": "true"}""")]
    public void Numbers_and_booleans_in_quotes_are_errors_in_a_file(string json)
    {
        Assert.Contains("without quotes", OnlyError(_folder.Write("a.json", json)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"title": 5}""", "title = 5")]
    [InlineData("""{"title": null}""", "title = null")]
    [InlineData("""{"do_it": 2}""", "do_it = 2")]
    [InlineData("""{"count_of_things": [1, 2]}""", "count_of_things = [1, 2]")]
    [InlineData("""{"level": true}""", "level = true")]
    public void A_json_value_of_another_kind_is_an_error(string json, string found)
    {
        Assert.StartsWith(found, OnlyError(_folder.Write("a.json", json)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_nearest_known_one_and_its_line()
    {
        string path = _folder.Write("a.json", "{\n  // first\n  \"cuont_of_things\": 5\n}");

        Assert.Equal(
            $"cuont_of_things = 5 ({path}:3): expected a known name. The nearest is count_of_things; `proxima sample --help` lists all.",
            OnlyError(path));
        Assert.Contains("The nearest is do_it", OnlyError("--do-it", "true"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_without_a_value_tells_how_to_write_it()
    {
        Assert.Equal("do_it = (no value) (command line): expected true or false. Write --do_it true.", OnlyError("--do_it"));
        Assert.Contains("Write --title <text>.", OnlyError("--title", "--do_it", "true"), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_are_no_key_and_no_value_are_errors()
    {
        string path = _folder.Write("a.json", "{}");

        Assert.StartsWith("(no key) = more", OnlyError(path, "--title", "a", "more"), StringComparison.Ordinal);
        Assert.StartsWith("(no key) = -do_it", OnlyError("-do_it"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_a_file_holds_twice_is_an_error_even_with_equal_values()
    {
        string path = _folder.Write("a.json", "{\"do_it\": true,\n\"beta2\": 0.1,\n\"do_it\": true}");

        Assert.Equal($"do_it = true ({path}:3): expected each key once. Line 1 has it already: remove one of them.", OnlyError(path));
    }

    [Theory]
    [InlineData("""{"beta2": {"a": 1}}""")]
    [InlineData("""{"words": ["a", ["b"]]}""")]
    [InlineData("""{"words": [{"b": [1]}]}""")]
    public void A_nested_value_is_one_error(string json)
    {
        Assert.Contains("The file is flat", OnlyError(_folder.Write("a.json", json)), StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        string path = _folder.Write("a.json", """{"cuont": 5, "beta2": 7, "do_it": "x"}""");

        string[] keys = [.. Bind(path, "--level", "O3", "--words").Errors.SelectMany(error => error.Keys)];

        Assert.Equal(["cuont", "beta2", "do_it", "level", "words"], keys);
    }

    [Theory]
    [InlineData("{\n \"beta2\": 0.1\n \"do_it\": true}", ":3:2: '\"' is invalid after a value")]
    [InlineData("{\"beta2\": 0.1", ":1:14:")]
    [InlineData("{} {}", ":1:4:")]
    [InlineData("{\"beta2\": .1}", ":1:11:")]
    [InlineData("", ":1:1:")]
    [InlineData("[{\"filepath\": \"x\"}]", ": expected a JSON object")]
    [InlineData("{\"title\": \"\\ud800\"}", ":1: a text holds half a surrogate pair")]
    public void A_file_that_is_no_json_object_is_a_usage_error_with_its_place(string json, string place)
    {
        string path = _folder.Write("a.json", json);

        ProximaException exception = Assert.Throws<ProximaException>(() => Bind(path));

        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Contains(path + place, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_one_that_is_not_utf8_are_usage_errors()
    {
        string latin = _folder.At("latin.json");
        File.WriteAllBytes(latin, [.. "{\"title\": \""u8, 0xFC, .. "\"}"u8]);

        Assert.Contains("nowhere.json", Assert.Throws<ProximaException>(() => Bind(_folder.At("nowhere.json"))).Message, StringComparison.Ordinal);
        Assert.Contains("not UTF-8 (byte 11)", Assert.Throws<ProximaException>(() => Bind(latin)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped()
    {
        string path = _folder.At("marked.json");
        File.WriteAllBytes(path, [0xEF, 0xBB, 0xBF, .. "{\"beta2\": 0.75}"u8]);

        Assert.Equal(0.75, Bind(path).Settings.Numbers.Beta2);
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(0.25, Bind("--beta2", "0.25").Settings.Numbers.Beta2);
            Assert.Equal("0.25", Bind("--beta2", "0.25").TextOf("beta2"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_preset_gives_defaults_and_what_is_written_wins()
    {
        SettingsBinder<SampleSettings> binder = new("proxima sample", settings => settings.Numbers.DoIt
            ? new Dictionary<string, object?> { ["beta2"] = 0.9, ["clip_range"] = null }
            : new Dictionary<string, object?>());

        BoundSettings<SampleSettings> bound = binder.Bind(["--do_it", "true", "--clip_range", "7"]);

        Assert.Equal((0.9, 7.0), (bound.Settings.Numbers.Beta2, bound.Settings.Numbers.ClipRange));
        Assert.False(bound.IsWritten("beta2"));
        Assert.True(bound.DiffersFromDefault("clip_range"));
        Assert.False(binder.Bind(["--do_it", "true", "--beta2", "0.9"]).DiffersFromDefault("beta2"));
    }

    private static BoundSettings<SampleSettings> Bind(params string[] words) => new SettingsBinder<SampleSettings>("proxima sample").Bind(words);

    private static string OnlyError(params string[] words) => Assert.Single(Bind(words).Errors).ToString();
}
