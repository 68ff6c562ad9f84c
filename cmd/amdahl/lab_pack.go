package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"amdahl/bench/labs"
	"amdahl/results/save"
)

// A packer writes the archive of one platform.
type packer struct {
	name   string
	file   string              // suffix of the archive
	golang bool                // Go goes into the archive
	cache  bool                // and a build cache, because nothing lasts from one submission to the next
	files  func(p *pack) error // adds the platform's own files
}

// packers lists the platforms that lab pack can write for.
var packers = []packer{
	{"gradescope", "-gradescope.zip", true, false, packGradescope},
	{"classroom50", "-classroom50.zip", false, false, packClassroom50},
	{"prairielearn", "-prairielearn.tar.gz", true, false, packPrairieLearn},
	{"nbgrader", "-nbgrader.tar.gz", false, false, packNbgrader},
	{"autolab", "-autolab.tar.gz", true, true, packAutolab},
	{"junit", "-junit.tar.gz", true, false, packJUnit},
	{"github", "-github.tar.gz", false, false, packGitHub},
}

func labPackCommand() *cobra.Command {
	var platform, out, goroot string
	var withoutCache bool
	var names []string
	for _, p := range packers {
		names = append(names, p.name)
	}
	cmd := &cobra.Command{
		Use:   "pack NAME --for PLATFORM",
		Short: "Write the archive that a lecturer uploads to a platform",
		Long: `Pack builds the small grader for Linux (amd64), puts hidden tests and what the platform
wants beside it, and writes one archive. README.txt in it says what to do. The
platforms are ` + strings.Join(names, ", ") + `. It works in a checkout of the suite.

Where the platform runs a machine image, Go goes into the archive too: nothing is
installed while grading. junit is for GitLab and Jenkins, github for Actions without
Classroom 50.`,
		Example: "  amdahl lab pack third --for gradescope\n  amdahl lab pack pool --for prairielearn -o pool.tar.gz",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("pack takes the name of one lab: amdahl lab pack %s --for gradescope", labs.Names[0])}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			i := slices.IndexFunc(packers, func(p packer) bool { return p.name == platform })
			if i < 0 {
				return usageError{fmt.Errorf("--for %q: the platforms are %s", platform, strings.Join(names, ", "))}
			}
			if err := inFolder(out); err != nil {
				return err
			}
			folder, err := labsFolder()
			if err != nil {
				return err
			}
			l, err := labs.OpenIn(os.DirFS(folder), args[0])
			if err != nil {
				return usageError{err}
			}
			p := &pack{lab: l, folder: folder, files: map[string]packed{}}
			if err := p.common(cmd.Context()); err != nil {
				return err
			}
			if packers[i].golang {
				if err := p.golang(cmd.Context(), goroot); err != nil {
					return err
				}
			}
			if packers[i].cache && !withoutCache {
				if err := p.warm(cmd.Context()); err != nil {
					return err
				}
			}
			if err := packers[i].files(p); err != nil {
				return err
			}
			text, err := p.archive(packers[i].file)
			if err != nil {
				return err
			}
			if out == "" {
				out = l.Name + packers[i].file
			}
			if err := save.File(out, text); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "wrote %s, %.1f MB; README.txt in it says how to use it\n", out, float64(len(text))/1e6)
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&platform, "for", "", "the platform: "+strings.Join(names, ", "))
	f.StringVarP(&out, "output", "o", "", "write this file; without it NAME-PLATFORM with the platform's ending")
	f.BoolVar(&withoutCache, "without-cache", false, "leave the build cache out of an archive that has one (autolab): smaller, and each submission takes half a minute longer")
	f.StringVar(&goroot, "goroot", "", "the unpacked Go for linux/amd64 that goes into the archive; without it the one in use, if it is for linux/amd64")
	return cmd
}

// packed is one file of an archive.
type packed struct {
	text []byte
	mode fs.FileMode
}

// A pack is an archive while it is made.
type pack struct {
	lab    *labs.Lab
	folder string
	files  map[string]packed
}

func (p *pack) add(name, text string, mode fs.FileMode) { p.files[name] = packed{[]byte(text), mode} }

// common adds the grader and the lab without solutions.
func (p *pack) common(ctx context.Context) error {
	temp, err := os.MkdirTemp("", "amdahl-pack")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	binary := filepath.Join(temp, "grade")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "./cmd/grade")
	cmd.Dir = filepath.Join(p.folder, "..", "..")
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "GOAMD64=v1", "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("the grader cannot be built: %w: %s", err, text)
	}
	text, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	p.files["grade"] = packed{text, 0o755}
	if p.lab.Copies() {
		text, err := os.ReadFile(filepath.Join(p.folder, "copies.zip"))
		if err != nil {
			return err
		}
		p.files["labs/copies.zip"] = packed{text, 0o600}
	}
	for _, dir := range append([]string{p.lab.Name}, p.lab.Packages...) {
		if _, err := os.Stat(filepath.Join(p.folder, dir)); err != nil {
			continue // it is in copies.zip
		}
		err := filepath.WalkDir(filepath.Join(p.folder, dir), func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() {
				if d.Name() == "_solution" || d.Name() == "_wrong" {
					return filepath.SkipDir
				}
				return nil
			}
			rel, err := filepath.Rel(p.folder, name)
			if err != nil {
				return err
			}
			text, err := os.ReadFile(name)
			p.files[path.Join("labs", filepath.ToSlash(rel))] = packed{text, 0o600}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// golang adds the part of Go that compiles tests: the commands go, compile, asm, link, cgo and
// vet (go test asks for its version even with -vet=off), and the packages of the library that labs can reach, as source.
func (p *pack) golang(ctx context.Context, root string) error {
	command := "go"
	if root != "" {
		command = filepath.Join(root, "bin", "go")
	} else if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return usageError{fmt.Errorf("this machine's Go is for %s/%s, and the platform needs linux/amd64: unpack one and name its folder with --goroot DIR", runtime.GOOS, runtime.GOARCH)}
	}
	if root == "" {
		text, err := exec.CommandContext(ctx, command, "env", "GOROOT").Output()
		if err != nil {
			return fmt.Errorf("go env GOROOT: %w", err)
		}
		root = strings.TrimSpace(string(text))
	}
	dirs, err := p.library(ctx)
	if err != nil {
		return err
	}
	tree := os.DirFS(root)
	for _, name := range []string{"VERSION", "go.env", "bin/go", "pkg/tool/linux_amd64/compile", "pkg/tool/linux_amd64/asm", "pkg/tool/linux_amd64/link", "pkg/tool/linux_amd64/cgo", "pkg/tool/linux_amd64/vet"} {
		if err := p.fromGo(tree, name); err != nil {
			return err
		}
	}
	dirs = append(dirs, "vendor", "internal/race", "runtime/race/internal/amd64v1")
	headers, err := fs.Glob(tree, "pkg/include/*")
	if err != nil {
		return err
	}
	for _, h := range headers {
		if err := p.fromGo(tree, h); err != nil {
			return err
		}
	}
	for _, f := range []string{"src/go.mod", "src/go.sum", "src/vendor/modules.txt"} {
		if err := p.fromGo(tree, f); err != nil {
			return err
		}
	}
	for _, dir := range dirs {
		list, err := fs.ReadDir(tree, path.Join("src", dir))
		if err != nil {
			continue // a folder that only another version has
		}
		for _, e := range list {
			other := strings.HasSuffix(e.Name(), "_test.go") || strings.HasSuffix(e.Name(), ".syso") && !strings.Contains(e.Name(), "linux")
			if e.IsDir() || other {
				continue
			}
			if err := p.fromGo(tree, path.Join("src", dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// library lists the packages of Go's library that tests of the lab can reach.
func (p *pack) library(ctx context.Context) ([]string, error) {
	args := []string{"list", "-deps", "-f", "{{if .Standard}}{{.ImportPath}}{{end}}", "testing", "testing/synctest", "testing/internal/testdeps", "runtime/race", "runtime/cgo", "encoding/json", "os", "runtime/debug", "math/rand/v2", "strconv", "strings", "flag", "crypto/rand"}
	more, err := p.lab.Library()
	if err != nil {
		return nil, err
	}
	args = append(args, more...)
	list := exec.CommandContext(ctx, "go", args...)
	list.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=1", "GOFLAGS=")
	var stderr bytes.Buffer
	list.Stderr = &stderr
	text, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list of the library: %w: %s", err, &stderr)
	}
	return strings.Fields(string(text)), nil
}

func (p *pack) fromGo(tree fs.FS, name string) error {
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return fmt.Errorf("the files of Go cannot be packed: %w: name an unpacked Go for linux/amd64 with --goroot DIR", err)
	}
	mode := fs.FileMode(0o644)
	if strings.HasPrefix(name, "bin/") || strings.HasPrefix(name, "pkg/tool/") {
		mode = 0o755
	}
	p.files[path.Join("go", name)] = packed{text, mode}
	return nil
}

// archive writes all files, in order of their names, with a fixed time: the same files
// make the same archive.
func (p *pack) archive(suffix string) ([]byte, error) {
	var names []string
	for name := range p.files {
		names = append(names, name)
	}
	slices.Sort(names)
	stamp := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var b bytes.Buffer
	if strings.HasSuffix(suffix, ".zip") {
		z := zip.NewWriter(&b)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
		for _, name := range names {
			f := p.files[name]
			h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: stamp}
			h.SetMode(f.mode)
			w, err := z.CreateHeader(h)
			if err != nil {
				return nil, err
			}
			if _, err := w.Write(f.text); err != nil {
				return nil, err
			}
		}
		err := z.Close()
		return b.Bytes(), err
	}
	g, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	t := tar.NewWriter(g)
	for _, name := range names {
		f := p.files[name]
		if err := t.WriteHeader(&tar.Header{Name: name, Mode: int64(f.mode.Perm()), Size: int64(len(f.text)), ModTime: stamp}); err != nil {
			return nil, err
		}
		if _, err := t.Write(f.text); err != nil {
			return nil, err
		}
	}
	if err := t.Close(); err != nil {
		return nil, err
	}
	err = g.Close()
	return b.Bytes(), err
}
