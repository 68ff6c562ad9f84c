package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"amdahl/bench/rounds"
)

// binaries compiles the tests of the packages, or takes the test binary that
// is named, and leaves out what has no benchmark of the pattern.
func (p *planFlags) binaries(ctx context.Context, dir string) ([]rounds.Binary, error) {
	var all []rounds.Binary
	if info, err := os.Stat(p.packages[0]); err == nil && info.Mode().IsRegular() && !strings.HasSuffix(p.packages[0], ".go") {
		if len(p.packages) > 1 {
			return nil, usageError{fmt.Errorf("%s is a test binary: name only that, or packages", p.packages[0])}
		}
		path, err := filepath.Abs(p.packages[0])
		if err != nil {
			return nil, err
		}
		all = []rounds.Binary{{Path: path}}
	} else if all, err = p.compile(ctx, dir); err != nil {
		return nil, err
	}
	var found []rounds.Binary
	var others []string
	for _, b := range all {
		list, err := said(ctx, b.Dir, b.Path, "-test.list", ".")
		if err != nil {
			return nil, err
		}
		has := false
		for name := range strings.Lines(list) {
			if name = strings.TrimSpace(name); !strings.HasPrefix(name, "Benchmark") {
				continue
			}
			others = append(others, name)
			has = has || rounds.Selects(p.bench, name)
		}
		if has {
			b.Bench, b.Benchtime, b.Args = p.bench, p.benchtime, p.rest
			if err := p.account(ctx, &b); err != nil {
				return nil, err
			}
			found = append(found, b)
		}
	}
	switch {
	case len(others) == 0:
		return nil, usageError{fmt.Errorf("no benchmarks in %s", strings.Join(p.packages, " "))}
	case len(found) == 0:
		return nil, usageError{fmt.Errorf("no benchmark matches --bench %s: there are %s", p.bench, strings.Join(others, ", "))}
	case len(found) == 1:
		found[0].Name = ""
	}
	return found, nil
}

// compile makes a test binary of every package that has tests. With --why it
// replaces the package testing that they are compiled with.
func (p *planFlags) compile(ctx context.Context, dir string) ([]rounds.Binary, error) {
	args := []string{"list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}\t{{.Dir}}{{end}}"}
	list, err := said(ctx, "", "go", append(args, p.packages...)...)
	if err != nil {
		return nil, err
	}
	var flags []string
	if p.why {
		file, err := p.overlay(ctx, dir)
		if err != nil {
			return nil, err
		}
		flags = []string{"-overlay", file}
	}
	var all []rounds.Binary
	for l := range strings.Lines(list) {
		path, where, ok := strings.Cut(strings.TrimRight(l, "\r\n"), "\t")
		if !ok {
			continue
		}
		b := rounds.Binary{Name: path, Dir: where, Path: filepath.Join(dir, fmt.Sprintf("%d.test", len(all)))}
		if err := buildTests(ctx, b, flags...); err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// buildTests compiles the tests of the package that the binary is named after.
func buildTests(ctx context.Context, b rounds.Binary, flags ...string) error {
	_, err := said(ctx, "", "go", append(append([]string{"test", "-c"}, flags...), "-o", b.Path, b.Name)...)
	return err
}

// said is what a program prints.
func said(ctx context.Context, dir, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		words := strings.Join(append([]string{filepath.Base(program)}, args...), " ")
		return "", fmt.Errorf("%s: %w\n%s", words, err, bytes.TrimSpace(append(stderr.Bytes(), stdout.Bytes()...)))
	}
	return stdout.String(), nil
}

// fingerprint tells one version of a program from another.
func fingerprint(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", errors.Join(fmt.Errorf("%s cannot be read", path), err)
	}
	return fmt.Sprintf("sha256:%x", h.Sum(nil)[:8]), nil
}
