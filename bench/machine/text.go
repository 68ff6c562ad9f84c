package machine

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// system is where proc and sys are: nowhere but on Linux.
func system() fs.FS {
	if runtime.GOOS == "linux" {
		return os.DirFS("/")
	}
	return nowhere{}
}

type nowhere struct{}

func (nowhere) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: errLinux}
}

var errLinux = errors.New("known on Linux only")

// why is a short reason for people.
func why(err error) string {
	var p *fs.PathError
	switch {
	case errors.Is(err, errLinux):
		return errLinux.Error()
	case errors.As(err, &p) && errors.Is(err, fs.ErrNotExist):
		return rooted(p.Path) + " is not there"
	case errors.As(err, &p):
		return rooted(p.Path) + ": " + p.Err.Error()
	}
	return err.Error()
}

// rooted is a path as the system knows it.
func rooted(path string) string {
	if strings.HasPrefix(path, "proc/") || strings.HasPrefix(path, "sys/") {
		return "/" + path
	}
	return path
}

// text is a file's text without the space around it.
func text(root fs.FS, name string) (string, error) {
	b, err := fs.ReadFile(root, name)
	return strings.TrimSpace(string(b)), err
}

func yesNo(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}

// duration is a time as a person would say it: in two digits, or whole.
func duration(d time.Duration) string {
	v, unit := d.Seconds(), "s"
	switch {
	case d < time.Millisecond:
		v, unit = v*1e6, "µs"
	case d < time.Second:
		v, unit = v*1e3, "ms"
	}
	digits := 1
	if v >= 9.95 {
		digits = 0
	}
	return strconv.FormatFloat(v, 'f', digits, 64) + " " + unit
}
