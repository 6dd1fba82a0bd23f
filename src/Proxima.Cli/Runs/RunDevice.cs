using System.Text;
using Proxima.Core;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Distributed;
using Proxima.Distributed.Nccl;
using Proxima.Models.Native;
using Proxima.Training.Ranks;
using TorchSharp;
using static TorchSharp.torch;

namespace Proxima.Cli.Runs;

/// <summary>Where a run computes.</summary>
/// <param name="Device">of this rank's models</param>
/// <param name="Reason">why, for the log</param>
internal sealed record RunDevice(Device Device, string Reason)
{
    /// <summary>Chooses the device of this rank. All ranks call it.</summary>
    /// <param name="machine">device, and what not every device can do</param>
    /// <param name="ranks">the ranks</param>
    /// <exception cref="ProximaException">exit code Usage: there is no such device, or it cannot do what the settings ask for</exception>
    public static RunDevice Of(MachineSettings machine, ICommunicator ranks)
    {
        string[] hosts = [.. ranks.Exchange("the host of each rank", Encoding.UTF8.GetBytes(Environment.MachineName)).Select(Encoding.UTF8.GetString)];
        (Device device, string reason) = TorchDevices.Choose(machine.Device, hosts.Take(ranks.Rank).Count(host => host == hosts[ranks.Rank]));
        string[] kinds = [.. ranks.Exchange("the device of each rank", Encoding.UTF8.GetBytes($"{device.type}")).Select(Encoding.UTF8.GetString)];
        if (kinds.Distinct().Count() > 1)
        {
            throw new ProximaException(
                ExitCode.Usage, $"device = {machine.Device}: the ranks chose {string.Join(", ", kinds)}. Expected one kind on all hosts. Give --device cpu, or hosts with a GPU for each rank.");
        }

        Require(machine, device.type == DeviceType.CPU ? SupportedFeatures.OnCpu : SupportedFeatures.OnCuda, reason);
        return new RunDevice(device, reason);
    }

    /// <summary>The ranks as they hold a model that learns; GPUs hold whole ones, and NCCL joins them.</summary>
    /// <param name="ranks">the ranks</param>
    /// <param name="machine">sharding</param>
    /// <param name="note">told what joins the GPUs</param>
    public ShardedRanks Hold(ICommunicator ranks, MachineSettings machine, Action<string> note)
    {
        if (Device.type == DeviceType.CPU)
        {
            return ShardedRanks.Of(ranks, machine.Sharding, machine.ShardingParallelDegree);
        }

        NcclRanks? onDevice = ranks.Size == 1 ? null : NcclRanks.Start(NcclLibrary.LoadBeside(LibTorch.Folder!), ranks, Device.index);
        if (onDevice is not null)
        {
            note($"gradients: {onDevice.Description}");
        }

        return ShardedRanks.WithDevices(ranks, onDevice);
    }

    private static void Require(MachineSettings machine, IEnumerable<FeatureGap<MachineSettings>> gaps, string reason)
    {
        string[] errors =
        [
            .. gaps.Where(gap => gap.IsAskedFor(machine)).Select(gap => $"{gap.Key} is set, and the run computes on {reason}: expected to be left out, since {gap.Reason}. Remove it."),
        ];
        if (errors.Length > 0)
        {
            throw new ProximaException(ExitCode.Usage, string.Join('\n', errors));
        }
    }
}
