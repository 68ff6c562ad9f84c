package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/cli/browser"
	"github.com/spf13/cobra"

	"amdahl/results/report"
	"amdahl/results/report/view"
	"amdahl/results/words"
)

func viewCommand() *cobra.Command {
	var in input
	var openIt bool
	cmd := &cobra.Command{
		Use:     "view FILE...",
		GroupID: "draw",
		Short:   "Show the page in a browser, and let the curves grow while they are measured",
		Long: `View serves the page of "amdahl report" from memory on a loopback address and
prints that address. It follows the files: when "amdahl run" has written to one, or
when one is replaced, open pages show it within a second or two. A file need not
exist yet. Ctrl-C ends it; nothing is left behind.

The address has a random token in its path, and only this machine can reach it.
View makes the page only while a browser shows it, with the lowest priority, since
it may run beside the measurement; of a large file that takes a second of one
processor now and then.`,
		Example: `  amdahl run ./pkg --bench Index -x cpu=1,2,4 -o index.txt &
  amdahl view --open index.txt`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return usageError{errors.New("no file to show: amdahl view FILE")}
			case slices.Contains(args, "-"):
				return usageError{errors.New("standard input cannot be followed: write it to a file: … | tee results.txt, and amdahl view results.txt")}
			}
			for _, path := range args {
				if info, err := os.Stat(path); err == nil && info.IsDir() {
					return usageError{fmt.Errorf("%s is a folder, and view follows files: name those in it, as in amdahl view %s", path, quote(filepath.Join(path, "results.txt")))}
				}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			cmd.SetContext(ctx)
			lowerPriority()
			return in.view(cmd, args, openIt)
		},
	}
	in.flags(cmd)
	in.lone = true // a measurement begins with one level
	cmd.Flags().BoolVar(&openIt, "open", false, "open the address in the browser")
	return cmd
}

// openBrowser opens an address; a test replaces it.
var openBrowser = browser.OpenURL

// view serves the page of the files until the context of the command ends.
func (in *input) view(cmd *cobra.Command, paths []string, openIt bool) error {
	messages := &newLines{w: cmd.ErrOrStderr(), seen: map[string]bool{}}
	cmd.SetErr(messages) // what is wrong with a file is wrong each time that it is read
	title := "amdahl view: " + words.Clean(filepath.Base(paths[0]))
	var s *view.Server
	s, err := view.New(view.Options{
		Files: paths, Title: title,
		Page: func(ctx context.Context, w io.Writer, version string) error {
			cmd.SetContext(ctx)
			in.read.Open = s.Open
			all, set, err := in.analyse(cmd, paths)
			if all == nil {
				if errors.Is(err, errSaid) {
					err = errors.New("no series can be used: see what amdahl view says in the terminal")
				}
				return err
			}
			o := terminal(cmd, set)
			o.Reproduce, o.Color, o.Width, o.Live = reproduction(*in, paths), false, 0, version
			return report.Page(w, all, o)
		},
	})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(cmd.OutOrStdout(), s.URL()); err != nil {
		return err
	}
	cmd.PrintErrf("amdahl: this address shows %s and follows %s; Ctrl-C ends it\n", listOf(paths), itOrThem(paths))
	if openIt {
		go func() { // some browsers come back when they are closed
			if err := openBrowser(s.URL()); err != nil {
				cmd.PrintErrf("amdahl: no browser opens (%v): open the address above by hand\n", err)
			}
		}()
	}
	return s.Run(cmd.Context())
}

func listOf(paths []string) string {
	if len(paths) > 3 {
		return fmt.Sprintf("%s and %d more files", words.Clean(paths[0]), len(paths)-1)
	}
	var clean []string
	for _, p := range paths {
		clean = append(clean, words.Clean(p))
	}
	return strings.Join(clean, ", ")
}

func itOrThem(paths []string) string {
	if len(paths) == 1 {
		return "it"
	}
	return "them"
}

// A newLines writer passes each line on once. It is safe for concurrent use.
type newLines struct {
	mu   sync.Mutex
	w    io.Writer
	seen map[string]bool
	rest string // the begin of a line
}

// Write implements io.Writer.
func (n *newLines) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.rest += string(p)
	for {
		line, rest, whole := strings.Cut(n.rest, "\n")
		if !whole {
			return len(p), nil
		}
		n.rest = rest
		if n.seen[line] {
			continue
		}
		n.seen[line] = true
		if _, err := io.WriteString(n.w, line+"\n"); err != nil {
			return 0, err
		}
	}
}
