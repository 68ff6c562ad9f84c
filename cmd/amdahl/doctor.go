package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/bench/machine"
	"amdahl/results/report"
)

func doctorCommand() *cobra.Command {
	var dir string
	var out answerFlags
	cmd := &cobra.Command{
		Use:     "doctor",
		GroupID: "measure",
		Short:   "Say how far this machine's measurements of scaling can be believed",
		Long: `Doctor looks at this machine for about a second and grades it from A to F.
Every finding that costs grades comes with what it does to a measurement and
what would help; commands are printed, never run. The machine is not changed,
but for a small file in the scratch directory, which is removed.

In JSON times are in seconds, memory is in bytes, and steal in per cent of the
wanted time; a cpu-quota of null is no limit.`,
		Example: `  amdahl doctor
  amdahl doctor --json
  amdahl doctor --dir /var/tmp`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir != "" {
				if info, err := os.Stat(dir); err != nil {
					return fmt.Errorf("--dir: %w", err)
				} else if !info.IsDir() {
					return fmt.Errorf("--dir %s: not a directory", dir)
				}
			}
			o, err := examine(cmd.Context(), dir)
			if err != nil {
				return err
			}
			found := diagnosis(o)
			return out.give(cmd, nil, answer{
				text: func(w io.Writer, o report.Options) error {
					columns, _ := strconv.Atoi(os.Getenv("COLUMNS"))
					o.Width = cmp.Or(o.Width, columns, 80)
					return report.PrintDoctor(w, found, o)
				},
				json: func(w io.Writer) error { return report.DoctorJSON(w, found) },
			})
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "the scratch directory to look at; the default is the system's for temporary files")
	out.registerJSON(cmd)
	return cmd
}

// examine looks at the machine, and measures it between two snapshots.
func examine(ctx context.Context, dir string) (machine.Observation, error) {
	o := machine.Observation{Start: machine.Take(), Facts: machine.Look(machine.Options{Dir: dir})}
	t, err := machine.Measure(ctx, o.Facts.Allowed)
	if err != nil {
		return o, err
	}
	c := machine.Difference(o.Start, machine.Take())
	o.Timing, o.During = &t, &c
	return o, nil
}

// diagnosis judges an observation and puts it into the words of a report.
func diagnosis(o machine.Observation) report.Doctor {
	v := machine.Judge(o)
	d := report.Doctor{Grade: v.Grade, Line: v.String(), About: about(o.Facts), Environment: environment(o)}
	if t := o.Timing; t != nil {
		d.Timing = report.DoctorTiming{
			Late: t.Late.Seconds(), LateMost: t.LateMost.Seconds(), Canary: t.Alone.Wall.Seconds(),
			Processors: t.Processors, Worth: t.Worth, Ran: t.Ran,
		}
	}
	for _, f := range v.Findings {
		d.Findings = append(d.Findings, report.Check{
			Name: f.Name, Mark: string(f.Mark), Cost: f.Cost, Found: f.Found, Why: f.Why, Help: f.Help, Commands: f.Commands,
		})
	}
	return d
}

// about is what is neither good nor bad of a machine.
func about(f machine.Facts) string {
	var parts []string
	for _, s := range append(f.Platform(), f.Settings()...) {
		switch s.Key {
		case "cpu", "mem", "go":
			parts = append(parts, s.Value)
		case "kernel", "commit":
			parts = append(parts, s.Key+" "+s.Value)
		}
	}
	return strings.Join(parts, ", ")
}

// environment has the configuration lines of an observation, with numbers as
// numbers: see [report.Doctor].
func environment(o machine.Observation) map[string]any {
	env := map[string]any{}
	settings := append(o.Facts.Platform(), o.Facts.Settings()...)
	c := machine.Change{}
	if o.During != nil {
		c = *o.During
		settings = append(settings, c.Settings()...)
	}
	for _, s := range settings {
		env[s.Key] = s.Value
		if n, err := strconv.Atoi(s.Value); err == nil {
			env[s.Key] = n
		}
	}
	if q := o.Facts.Quota; q != nil {
		env["cpu-quota"] = *q
		if *q == 0 {
			env["cpu-quota"] = nil
		}
	}
	if m := o.Facts.Memory; m > 0 {
		env["mem"] = m
	}
	if t := o.Facts.Fsync; t > 0 {
		env["scratch-fsync"] = t.Seconds()
	}
	if c.Stalled != nil {
		env["stalled"] = c.Stalled.Seconds()
	}
	if c.Steal != nil {
		env["steal"] = *c.Steal
	}
	if c.Load != nil {
		env["load"] = *c.Load
	}
	return env
}
