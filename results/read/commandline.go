package read

import (
	"slices"
	"strings"
)

// command writes a complete command line with other options than those that the
// user typed.
func (o Options) command(change func(*Options)) string {
	change(&o)
	return o.CommandLine()
}

// CommandLine is the complete command that reads with these options, quoted for
// a shell.
func (o Options) CommandLine() string {
	words := []string{o.Command}
	if o.Command == "" {
		words[0] = "amdahl fit"
	}
	add := func(flag, value string) {
		if value != "" {
			words = append(words, flag, Quote(value))
		}
	}
	add("-x", o.X)
	add("--time", joinList(o.Time))
	add("--throughput", o.Throughput)
	add("--latency", o.Latency)
	add("--speedup", o.Speedup)
	add("--metric", o.Metric)
	add("--unit", o.Unit)
	add("--comma", o.Comma)
	add("--series", joinList(o.Series))
	if o.WorkPerWorker {
		words = append(words, "--work-per-worker")
	}
	if o.Join {
		words = append(words, "--join")
	}
	for _, a := range o.Args {
		if strings.HasPrefix(a, "-") && a != "-" {
			words = append(words, "--")
			break
		}
	}
	for _, a := range o.Args {
		words = append(words, Quote(a))
	}
	return strings.Join(words, " ")
}

// choices writes one complete command for each of the values of a flag, "x" or
// "time".
func (o Options) choices(flag string, values []string) string {
	const most = 4
	var list []string
	for i, v := range values {
		if i == most {
			break
		}
		list = append(list, o.command(func(o *Options) {
			switch flag {
			case "x":
				o.X = v
			case "time":
				o.Time = []string{v}
			}
		}))
	}
	return strings.Join(list, ", or ")
}

// Quote writes a word for a shell, as it is where the shell leaves it alone.
func Quote(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// joinList writes names as [SplitList] reads them.
func joinList(names []string) string {
	if len(names) == 1 && !strings.ContainsAny(names[0], `,"`) {
		return names[0]
	}
	var list []string
	for _, n := range names {
		if strings.ContainsAny(n, `,"`) {
			n = `"` + strings.ReplaceAll(n, `"`, `""`) + `"`
		}
		list = append(list, n)
	}
	return strings.Join(list, ",")
}

// SplitList splits the value of a flag that names columns, a,b: a name with
// commas stands in double quotes, or alone.
func SplitList(s string) []string {
	if s == "" {
		return nil
	}
	var list []string
	for s != "" {
		var name string
		if rest, ok := strings.CutPrefix(s, `"`); ok {
			var b strings.Builder
			for {
				i := strings.IndexByte(rest, '"')
				if i < 0 {
					b.WriteString(rest)
					rest = ""
					break
				}
				b.WriteString(rest[:i])
				if rest = rest[i+1:]; !strings.HasPrefix(rest, `"`) {
					break
				}
				b.WriteByte('"')
				rest = rest[1:]
			}
			name, s = b.String(), strings.TrimPrefix(rest, ",")
		} else {
			name, s, _ = strings.Cut(s, ",")
		}
		list = append(list, name)
	}
	return slices.Clip(list)
}
