package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode"

	"amdahl/bench/gotest"
	"amdahl/bench/rounds"
	"amdahl/results/laws"
)

// revisionKey is the key in the names of results that says which of two revisions
// they are of.
const revisionKey = "revision"

// A revision is one of two programs that are measured in the same rounds.
type revision struct {
	name     string // in the results
	packages []string
	dir      string // where the packages are; "" is here
}

// revisions are what is measured and what it is measured against, with names that
// differ. undo removes what was made for it, and is never nil.
func (p *planFlags) revisions(ctx context.Context, dir string) (now, old revision, undo func() error, err error) {
	undo = func() error { return nil }
	if info, err := os.Stat(p.against); err == nil && info.Mode().IsRegular() {
		now, old = revision{fileWord(p.packages[0]), p.packages, ""}, revision{fileWord(p.against), []string{p.against}, ""}
		if now.name == old.name {
			now.name += "+now"
		}
		return now, old, undo, nil
	}
	commit, err := git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", p.against+"^{commit}")
	if err != nil {
		return now, old, undo, usageError{p.noRevision(ctx)}
	}
	short, err := git(ctx, "rev-parse", "--short", commit)
	if err != nil {
		return now, old, undo, err
	}
	prefix, err := git(ctx, "rev-parse", "--show-prefix")
	if err != nil {
		return now, old, undo, err
	}
	here := "work"
	if head, err := git(ctx, "rev-parse", "--short", "HEAD"); err == nil {
		changed, err := git(ctx, "status", "--porcelain", "--untracked-files=no")
		if here = head; err != nil || changed != "" {
			here += "-dirty"
		}
	}
	if here == short {
		here += "+now"
	}
	if _, err := git(ctx, "worktree", "prune"); err != nil { // of runs that were killed
		return now, old, undo, err
	}
	tree := filepath.Join(dir, "against")
	if _, err := git(ctx, "worktree", "add", "--quiet", "--detach", tree, commit); err != nil {
		return now, old, undo, err
	}
	undo = func() error {
		_, err := git(context.WithoutCancel(ctx), "worktree", "remove", "--force", tree)
		return err
	}
	return revision{here, p.packages, ""}, revision{short, p.packages, filepath.Join(tree, filepath.FromSlash(prefix))}, undo, nil
}

// noRevision says why there is no such revision, and what to type.
func (p *planFlags) noRevision(ctx context.Context) error {
	if _, err := git(ctx, "rev-parse", "--git-dir"); err != nil {
		return fmt.Errorf("--against %s: neither a test binary nor, outside of a git repository, a revision", p.against)
	}
	if shallow, err := git(ctx, "rev-parse", "--is-shallow-repository"); err == nil && shallow == "true" {
		return fmt.Errorf("--against %s: this clone has only a part of the history, and not that revision: git fetch --deepen=1 (for actions/checkout: fetch-depth: 2; for an older revision: 0)", p.against)
	}
	return fmt.Errorf("--against %s: neither a revision of this repository nor a test binary: git log shows the revisions", p.against)
}

// git runs git and returns what it prints.
func git(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("git %s: %w\n%s", strings.Join(args, " "), err, bytes.TrimSpace(errs.Bytes()))
	}
	return strings.TrimSpace(out.String()), nil
}

// fileWord is the name of a file as part of a benchmark's name.
func fileWord(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._+", r) {
			return r
		}
		return '_'
	}, name)
}

// againstBinaries prepares both revisions, the one on the command line first.
func (p *planFlags) againstBinaries(ctx context.Context, dir string, r gotest.Request) (all []rounds.Binary, err error) {
	now, old, undo, err := p.revisions(ctx, dir)
	p.undo = undo
	if err != nil {
		return nil, err
	}
	p.baseline = old.name
	r.Trim = true
	for i, v := range []revision{now, old} {
		sub := filepath.Join(dir, fmt.Sprintf("revision%d", i))
		if err := os.Mkdir(sub, 0o700); err != nil {
			return nil, err
		}
		r.Packages, r.Dir = v.packages, v.dir
		binaries, err := gotest.Binaries(ctx, sub, r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.name, err)
		}
		for _, b := range binaries {
			b.Name = strings.TrimSpace(b.Name + " " + v.name)
			b.Key = revisionKey + "=" + v.name
			all = append(all, b)
		}
	}
	return all, nil
}

// errNoPairs says that a file does not hold two revisions.
var errNoPairs = errors.New("not measured with amdahl run --against")

// revisionPairs splits the series of a run of two revisions into those of the
// baseline and the others, under names without the revision.
func revisionPairs(all []*laws.Analysis) (old, now []*laws.Analysis, err error) {
	for _, a := range all {
		run := a.Curve.Run
		if run == nil || run.Baseline == "" || !a.Curve.Name.Has(revisionKey) {
			continue
		}
		b, c := *a, *a.Curve
		c.Name, b.Curve = c.Name.Without(revisionKey), &c
		if a.Curve.Name.Value(revisionKey) == run.Baseline {
			old = append(old, &b)
		} else {
			now = append(now, &b)
		}
	}
	if len(old) == 0 || len(now) == 0 {
		return nil, nil, errNoPairs
	}
	return old, now, nil
}
