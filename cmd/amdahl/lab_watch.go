package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// watchEvery is how often the files are looked at.
const watchEvery = 300 * time.Millisecond

func labWatchCommand(dir *string) *cobra.Command {
	return &cobra.Command{
		Use:   "watch",
		Short: "Check again whenever you save",
		Long: `Watch checks your code, and again whenever a file of the lab is saved. Keys: h gives a
hint, r checks again, q ends.`,
		Example: "  amdahl lab watch",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := openLabFolder(*dir)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if in, ok := cmd.InOrStdin().(*os.File); ok && term.IsTerminal(int(in.Fd())) {
				old, err := term.MakeRaw(int(in.Fd())) // keys come without Enter
				if err != nil {
					return err
				}
				defer term.Restore(int(in.Fd()), old)
				out = &rawWriter{out}
			}
			return f.watch(cmd.Context(), cmd.InOrStdin(), out, watchEvery)
		},
	}
}

// rawWriter writes line ends for a terminal in raw mode.
type rawWriter struct{ w io.Writer }

func (r *rawWriter) Write(p []byte) (int, error) {
	if _, err := r.w.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// watch checks until the key q, the end of the keys, or the end of ctx. After the end of
// the keys it only goes on where they come from a terminal: a test gives its keys at once.
func (f *labFolder) watch(ctx context.Context, keys io.Reader, w io.Writer, every time.Duration) error {
	pressed := make(chan byte)
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		b := make([]byte, 1)
		for {
			n, err := keys.Read(b)
			if n == 1 {
				select {
				case pressed <- b[0]:
				case <-ended:
					return
				}
			}
			if err != nil {
				close(pressed)
				return
			}
		}
	}()
	tick := time.NewTicker(every)
	defer tick.Stop()
	seen := f.stamp()
	for check := true; ; {
		if check {
			if err := f.watched(ctx, w); err != nil {
				return err
			}
		}
		check = false
		select {
		case <-ctx.Done():
			return nil
		case key, ok := <-pressed:
			const ctrlC = 3
			switch {
			case !ok, key == 'q', key == ctrlC:
				return nil
			case key == 'h':
				if err := f.hint(ctx, w, nil); err != nil {
					return err
				}
			case key == 'r':
				check = true
			}
		case <-tick.C:
			if now := f.stamp(); now != seen {
				seen, check = now, true
			}
		}
	}
}

// watched checks once and says what to do next.
func (f *labFolder) watched(ctx context.Context, w io.Writer) error {
	rows, err := f.check(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "\n── %s ──\n", time.Now().Format(time.TimeOnly)); err != nil {
		return err
	}
	if err := printRows(w, rows); err != nil {
		return err
	}
	next := "Save a file to check again. h: hint  r: check again  q: end"
	if rowsError(rows) == nil {
		next = "All visible tests pass. Next: " + f.command("measure") + "  q: end"
	}
	_, err = fmt.Fprintln(w, next)
	return err
}

// stamp changes when a file of the lab is saved.
func (f *labFolder) stamp() string {
	s := ""
	for _, name := range f.lab.Files {
		if info, err := os.Stat(f.path(name)); err == nil {
			s += fmt.Sprint(info.ModTime().UnixNano(), info.Size(), " ")
		}
	}
	return s
}
