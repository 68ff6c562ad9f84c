package charts

import (
	"fmt"
	"slices"
	"strings"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/words"
)

// machineNames are short names of the machines of the analyses, different ones
// for different machines; nil if there is one machine.
func machineNames(as []*laws.Analysis) []string {
	var machines []results.Machine
	for _, a := range as {
		if !slices.Contains(machines, a.Curve.Machine) {
			machines = append(machines, a.Curve.Machine)
		}
	}
	if len(machines) < 2 {
		return nil
	}
	short := map[results.Machine]string{}
	for _, name := range []func(results.Machine) string{processorName, withProcessors} {
		seen := map[string]int{}
		for _, m := range machines {
			seen[name(m)]++
		}
		count := map[string]int{}
		for _, m := range machines {
			n := name(m)
			if seen[n] > 1 {
				count[n]++
				n = fmt.Sprintf("%s #%d", n, count[n])
			}
			short[m] = n
		}
		if len(seen) == len(machines) {
			break
		}
	}
	names := make([]string, len(as))
	for i, a := range as {
		names[i] = short[a.Curve.Machine]
	}
	return names
}

// withoutFiles takes the file out of the names of series that the machine tells
// apart as well.
func withoutFiles(as []*laws.Analysis, machines []string) []*laws.Analysis {
	if machines == nil {
		return as
	}
	seen := map[string]bool{}
	plain := make([]*laws.Analysis, len(as))
	for i, a := range as {
		c, b := *a.Curve, *a
		c.Name = c.Name.Without("file")
		b.Curve = &c
		id := c.Name.String() + "\x00" + machines[i]
		if seen[id] {
			return as
		}
		seen[id], plain[i] = true, &b
	}
	return plain
}

// processorName is what a machine is called: its processor, without what every
// maker writes.
func processorName(m results.Machine) string {
	name := strings.NewReplacer("(R)", "", "(TM)", "", "(r)", "", "(tm)", "", " Processor", "", " CPU", "").Replace(words.Clean(m.CPU))
	name, _, _ = strings.Cut(name, " @")
	if name = strings.Join(strings.Fields(name), " "); name != "" {
		return name
	}
	if os := strings.Trim(m.OS+"/"+m.Arch, "/"); os != "" {
		return os
	}
	return "a machine without a name"
}

// withProcessors adds the number of processors.
func withProcessors(m results.Machine) string {
	if n := max(m.Physical, m.Logical); n > 0 {
		return processorName(m) + ", " + words.Count(n, "processor")
	}
	return processorName(m)
}

// machine is the name of the machine of series i; "" where nobody asked.
func (b *builder) machine(i int) string {
	if b.machines == nil {
		return ""
	}
	return b.machines[i]
}

// environments are lines about the machines: that of the first series or, where
// the machines are named, each with its name.
func (b *builder) environments() []string {
	if b.machines == nil {
		return known(Environment(b.group.Analyses[0].Curve.Machine))
	}
	var lines []string
	for i, a := range b.group.Analyses {
		if line := b.machines[i] + ": " + Environment(a.Curve.Machine) + "."; !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// sources are those of all series.
func (b *builder) sources() []results.Source {
	var found []results.Source
	for _, a := range b.group.Analyses {
		if s := a.Curve.Name.Source(); !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, bySource)
	return found
}
