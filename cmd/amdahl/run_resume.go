package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"amdahl/bench/rounds"
)

// takePlan takes the plan of a file, or checks that the one on the command line is
// the same.
func (m *measurement) takePlan(past *rounds.Past) error {
	if !m.plan.empty() {
		if here := m.plan.text(); here != past.Plan {
			return usageError{fmt.Errorf("%s was begun with another plan: give none, or the same one\n  there %s\n  here  %s", m.resume, clean(past.Plan), here)}
		}
		return nil
	}
	if strings.Contains(past.Plan, masked) {
		return usageError{fmt.Errorf("%s hides a secret of its command line: give the same command line again, beside --resume %s", m.resume, quote(m.resume))}
	}
	if err := m.plan.parse(past.Plan); err != nil {
		return fmt.Errorf("%s: the run-plan line cannot be read: %w", m.resume, err)
	}
	m.foreign = true
	return m.plan.check()
}

// consent prints the commands that a file would run, and asks whether to run them: a
// file of results may come from anybody.
func (m *measurement) consent(cmd *cobra.Command) error {
	if !m.foreign || m.yes {
		return nil
	}
	cmd.PrintErrf("amdahl: %s runs these commands:\n", clean(m.resume))
	for _, c := range m.plan.commands() {
		cmd.PrintErrf("  %s\n", c)
	}
	in, ok := cmd.InOrStdin().(*os.File)
	if !ok || !isatty.IsTerminal(in.Fd()) {
		return usageError{fmt.Errorf("--resume %s: this is no terminal, so nobody can be asked whether these commands may run: add --yes, or give the same command line again", quote(m.resume))}
	}
	cmd.PrintErr("Run them? [y/N] ")
	answer, err := bufio.NewReader(in).ReadString('\n')
	if a := strings.ToLower(strings.TrimSpace(answer)); err != nil || a != "y" && a != "yes" {
		return errors.New("nothing was run")
	}
	return nil
}

// commands are the command lines of the plan, for people.
func (p *planFlags) commands() []string {
	var list []string
	add := func(what, line string) {
		if line != "" {
			list = append(list, what+": "+clean(line))
		}
	}
	add("setup", p.setup)
	add("prepare", p.prepare)
	var words []string
	for _, w := range p.rest {
		words = append(words, quote(w))
	}
	rest := strings.Join(words, " ")
	switch {
	case p.command() && p.shell:
		add("shell", strings.Join(p.rest, " "))
	case p.command():
		add("command", rest)
	default:
		add("tests of", strings.TrimSpace(strings.Join(p.packages, " ")+" "+rest))
	}
	add("cleanup", p.cleanup)
	return list
}
