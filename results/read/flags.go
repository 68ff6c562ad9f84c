package read

import (
	"cmp"
	"fmt"
)

// unused is the complaint about a flag for which a format has no use; nil if there
// is none. Go benchmark text complains about columns itself.
func (o Options) unused(f Format, name string) error {
	column := cmp.Or(joinList(o.Time), o.Throughput, o.Latency, o.Speedup)
	without := func(change func(*Options)) string { return o.command(change) }
	switch {
	case o.Metric != "" && f.Table:
		return &ColumnError{fmt.Sprintf("%s: --metric %s names a number of benchmark text, and this is a table (%s): name its column: %s", name, Quote(o.Metric), f.Name,
			without(func(o *Options) {
				if isRate(o.Metric) {
					o.Throughput = o.Metric
				} else {
					o.Time = []string{o.Metric}
				}
				o.Metric = ""
			}))}
	case o.Metric != "" && !f.Metrics:
		return &ColumnError{fmt.Sprintf("%s: --metric %s names a number of Go benchmark text, and this is %s: %s", name, Quote(o.Metric), f.Name,
			without(func(o *Options) { o.Metric = "" }))}
	case f.Table:
		return nil
	case column != "" && !f.Metrics:
		return &ColumnError{fmt.Sprintf("%s: %q is to be a column, and this is %s, which has none: %s", name, column, f.Name,
			without(func(o *Options) { o.Time, o.Throughput, o.Latency, o.Speedup = nil, "", "", "" }))}
	}
	for _, flag := range []struct {
		name, value string
		remove      func(*Options)
	}{
		{"--unit", o.Unit, func(o *Options) { o.Unit = "" }},
		{"--series", joinList(o.Series), func(o *Options) { o.Series = nil }},
		{"--comma", o.Comma, func(o *Options) { o.Comma = "" }},
	} {
		if flag.value != "" {
			return &ColumnError{fmt.Sprintf("%s: %s is for tables, and this is %s, which says it itself: %s", name, flag.name, f.Name, without(flag.remove))}
		}
	}
	return nil
}
