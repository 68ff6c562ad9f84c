package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"amdahl/bench/overlay"
	"amdahl/bench/rounds"
)

// overlay makes the file of go build's -overlay that --why compiles with.
func (p *planFlags) overlay(ctx context.Context, dir string) (string, error) {
	env, err := said(ctx, "", "go", "env", "GOROOT", "GOVERSION")
	if err != nil {
		return "", err
	}
	root, version, _ := strings.Cut(strings.TrimSpace(env), "\n")
	dir = filepath.Join(dir, "testing")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	return overlay.Write(dir, overlay.Go{Root: strings.TrimSpace(root), Version: version}, p.workerKeys())
}

// workerKeys are the keys in a benchmark's name that say how many workers it
// has: the x axis, unless that is GOMAXPROCS.
func (p *planFlags) workerKeys() []string {
	switch axes, err := p.parsed(); {
	case err != nil || len(axes) == 0:
		return overlay.Keys
	case axes[len(axes)-1].Name == rounds.CPU:
		return nil
	default:
		return []string{axes[len(axes)-1].Name}
	}
}

// account makes a test binary account for its time if --why asks for it. One
// that has a flag -why does that itself: it is compiled as it is, and given the
// flag.
func (p *planFlags) account(ctx context.Context, b *rounds.Binary) error {
	if !p.why {
		return nil
	}
	own := hasFlag(ctx, *b, whyFlag)
	compiled := b.Name != ""
	switch {
	case own && compiled:
		if err := buildTests(ctx, *b); err != nil {
			return err
		}
		fallthrough
	case own:
		b.Args = append([]string{"-why"}, b.Args...)
	case !compiled:
		return usageError{fmt.Errorf("--why compiles the tests itself, and %s is compiled and has no flag -why: name its package instead", p.packages[0])}
	}
	return nil
}

// The flags that a test binary may have to do by itself what --why and --trace
// ask for, as -h lists them: a bool, and the name of a file.
var (
	whyFlag      = regexp.MustCompile(`(?m)^  -why$`)
	timelineFlag = regexp.MustCompile(`(?m)^  -timeline string$`)
)

// hasFlag says whether a test binary's -h lists a flag.
func hasFlag(ctx context.Context, b rounds.Binary, flag *regexp.Regexp) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.Path, "-h")
	var text bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = b.Dir, &text, &text, time.Second
	_ = cmd.Run() // its exit status is its own affair
	return flag.Match(text.Bytes())
}
