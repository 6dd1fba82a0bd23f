using Proxima.Data.Dialogues;
using Proxima.Data.Tasks;
using Proxima.TestSupport;

namespace Proxima.Tests.Data;

public sealed class ShippedDataTests
{
    [Theory]
    [InlineData("task_ppo.json", DialogueKind.Prompt, 18)]
    [InlineData("task_sft.json", DialogueKind.Supervised, 12)]
    [InlineData("task_stories_train.json", DialogueKind.Prompt, 324)]
    [InlineData("task_stories_eval.json", DialogueKind.Prompt, 108)]
    public void Every_shipped_task_file_loads_from_any_folder(string name, DialogueKind kind, long lines)
    {
        DialogueTask task = DialogueTask.Load(RepositoryPaths.InRepository("config", name), kind, InvalidLines.Refuse);

        Assert.Equal(lines, task.LineCount);
        Assert.All(task.Files, file => Assert.Empty(file.UnreadKeys));
    }

    [Fact]
    public void The_first_prompt_is_the_example_of_the_data_protocol()
    {
        string path = RepositoryPaths.InRepository("data", "rlhf_train_data_test.jsonl");

        Dialogue first = DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.Refuse).Dialogues[0];

        Assert.Equal(["需要你帮我写几个有创意的广告语来打开市场。", "目标用户是年轻人，追求时尚、个性和自我。"], first.Src);
        Assert.Equal(
            ["当然！我很乐意帮助你创作几个有创意的广告语来推广你的新洗发露。请告诉我一些关于你的产品的特点，目标受众以及你希望传达的核心信息，我会根据这些信息为你提供几个创意的广告语。"],
            first.Tgt);
    }
}
