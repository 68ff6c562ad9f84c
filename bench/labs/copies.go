package labs

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// copiesFile is the archive of the packages of the suite that labs use: a program cannot embed
// files outside of its folder. A test keeps it current:
//
//	go test ./bench/labs -run Copies -update
const copiesFile = "copies.zip"

// A copied package is a package of the suite as a lab's module has it: without tests, and
// with nothing but the standard library.
type copied struct {
	name string   // of its folder in a module
	from string   // its folder in the suite
	subs []string // its folders
	only []string // its files; nil are all Go files without tests
	edit []string // old and new text, in turns
}

// copies lists them.
var copies = []copied{
	{
		name: "procpool", from: "pools/procpool", subs: []string{".", "internal/child"},
		edit: []string{
			`"amdahl/pools/procpool`, `"lab/procpool`,
			`"golang.org/x/sys/unix"`, `"lab/unix"`,
			"for f := range t.Fields() {", "for i := range t.NumField() {\n\t\t\tf := t.Field(i)", // students may have Go 1.25
		},
	},
	{
		// The interpreter lock. Slow cores are left out: they need Linux or macOS, and what labs
		// measure sleeps.
		name: "cores", from: "workloads/cores", subs: []string{"."}, only: []string{"cores.go", "gil.go"},
		edit: []string{"var All = []Model{Real, GIL, Slow, Big, Chip}", "var All = []Model{Real, GIL}"},
	},
}

// read returns the files of a copied package by their path in a module, from the suite.
func (c copied) read(suite fs.FS) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, sub := range c.subs {
		list, err := fs.ReadDir(suite, path.Join(c.from, sub))
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			if c.only != nil && !slices.Contains(c.only, e.Name()) || !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
				continue
			}
			text, err := fs.ReadFile(suite, path.Join(c.from, sub, e.Name()))
			if err != nil {
				return nil, err
			}
			files[path.Join(c.name, sub, e.Name())] = []byte(strings.NewReplacer(c.edit...).Replace(string(text)))
		}
	}
	return files, nil
}

// unpack returns the files of a copied package by their path in a module, from the archive in a
// folder of labs.
func unpack(all fs.FS, name string) (map[string][]byte, error) {
	archive, err := fs.ReadFile(all, copiesFile)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", copiesFile, err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, name+"/") {
			continue
		}
		text, err := read(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", copiesFile, f.Name, err)
		}
		files[f.Name] = text
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: there is no package %s: %w", copiesFile, name, fs.ErrNotExist)
	}
	return files, nil
}

func read(f *zip.File) (text []byte, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return io.ReadAll(r)
}
