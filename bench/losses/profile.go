package losses

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/pprof/profile"

	"amdahl/bench/contract"
)

// values are the values of a sample of [Result.Profile], in their order.
var values = []struct {
	name string
	of   func(*costs) float64
}{
	{contract.ProfileCPU, func(c *costs) float64 { return c.cpu }},
	{string(contract.Lock), func(c *costs) float64 { return c.lock }},
	{contract.ProfileLockCPU, func(c *costs) float64 { return c.lockCPU }},
	{string(contract.Channel), func(c *costs) float64 { return c.channel }},
	{contract.ProfileChannelCPU, func(c *costs) float64 { return c.channelCPU }},
	{string(contract.IO), func(c *costs) float64 { return c.io }},
	{string(contract.GC), func(c *costs) float64 { return c.gc }},
	{string(contract.Dispatch), func(c *costs) float64 { return c.dispatch }},
	{string(contract.Serial), func(c *costs) float64 { return c.serial }},
	{string(contract.Imbalance), func(c *costs) float64 { return c.imbalance }},
}

// Profile is the same by call path, for go tool pprof and package results/where: worker
// time in ns by cause, in all operations. The comments of the profile say whose it is:
// "benchmark", "ops", "procs", "workers", "traced-ns", "running-ns", and the parts, each
// followed by a space and its value.
//
// CPU time stands at the stack that used it. The time that others waited for a lock or at
// a channel stands at the stack that let them go on, which is in the section that they
// waited for. Sleeping and system calls stand at the stack that waited, collection of
// garbage at the stacks that allocate, the start of goroutines at the stack that started
// them. Serial time and imbalance stand at the stacks that ran while others were idle.
func (r *Result) Profile() *profile.Profile {
	p := &profile.Profile{DefaultSampleType: contract.ProfileCPU, DurationNanos: int64(r.Time)}
	for _, v := range values {
		p.SampleType = append(p.SampleType, &profile.ValueType{Type: v.name, Unit: "nanoseconds"})
	}
	p.PeriodType, p.Period = &profile.ValueType{Type: contract.ProfileCPU, Unit: "nanoseconds"}, samplePeriod
	p.Comments = append(p.Comments,
		contract.ProfileBenchmark+" "+r.Name, fmt.Sprintf("%s %d", contract.ProfileOps, r.N), fmt.Sprintf("%s %d", contract.ProfileProcs, r.Procs),
		fmt.Sprintf("%s %g", contract.ProfileWorkers, r.Workers), fmt.Sprintf("%s %g", contract.ProfileTraced, r.Time),
		fmt.Sprintf("%s %g", contract.ProfileRunning, r.Running))
	for _, c := range waitingCauses {
		p.Comments = append(p.Comments, fmt.Sprintf("%s %g", c, r.Parts[c]))
	}
	if r.Sampled {
		p.Comments = append(p.Comments, contract.ProfileSampled+" 1")
	}
	b := &locations{p: p, functions: map[[2]string]*profile.Function{}, locations: map[Frame]*profile.Location{}}
	for _, s := range r.sortedStacks() {
		sample := &profile.Sample{}
		some := false
		for _, v := range values {
			ns := int64(v.of(r.stacks[s]) + 0.5)
			some = some || ns != 0
			sample.Value = append(sample.Value, ns)
		}
		if !some {
			continue
		}
		for _, f := range s.Frames {
			sample.Location = append(sample.Location, b.of(f))
		}
		p.Sample = append(p.Sample, sample)
	}
	return p
}

// sortedStacks are the stacks in an order that does not change from run to run.
func (r *Result) sortedStacks() []*Stack {
	var list []*Stack
	for s := range r.stacks {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *Stack) int {
		return slices.CompareFunc(a.Frames, b.Frames, func(f, g Frame) int {
			if c := strings.Compare(f.Function, g.Function); c != 0 {
				return c
			}
			if c := strings.Compare(f.File, g.File); c != 0 {
				return c
			}
			return f.Line - g.Line
		})
	})
	return list
}

// locations hands out the numbers of a profile.
type locations struct {
	p         *profile.Profile
	functions map[[2]string]*profile.Function
	locations map[Frame]*profile.Location
}

func (b *locations) of(f Frame) *profile.Location {
	if l := b.locations[f]; l != nil {
		return l
	}
	key := [2]string{f.Function, f.File}
	fn := b.functions[key]
	if fn == nil {
		fn = &profile.Function{ID: uint64(len(b.p.Function) + 1), Name: f.Function, SystemName: f.Function, Filename: f.File}
		b.functions[key] = fn
		b.p.Function = append(b.p.Function, fn)
	}
	l := &profile.Location{ID: uint64(len(b.p.Location) + 1), Line: []profile.Line{{Function: fn, Line: int64(f.Line)}}}
	b.locations[f] = l
	b.p.Location = append(b.p.Location, l)
	return l
}
