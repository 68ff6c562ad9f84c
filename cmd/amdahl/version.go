package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		GroupID: "learn",
		Short:   "Print which amdahl this is",
		Long: `Version prints the version, the commit that amdahl was built from, whether files
differed from it, and the Go version. "amdahl --version" prints the same.`,
		Example: "  amdahl version",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), version())
			return err
		},
	}
}

// version is the line that amdahl version prints.
func version() string {
	info, _ := debug.ReadBuildInfo()
	return formatVersion(info)
}

// formatVersion describes a build; nil is one without build information.
func formatVersion(info *debug.BuildInfo) string {
	version, commit, changes, goVersion := "(devel)", "commit unknown", "", runtime.Version()
	if info != nil {
		if info.Main.Version != "" {
			version = info.Main.Version
		}
		if info.GoVersion != "" {
			goVersion = info.GoVersion
		}
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision" && s.Value != "":
				commit = "commit " + s.Value[:min(12, len(s.Value))]
			case s.Key == "vcs.modified" && s.Value == "true":
				changes = " with uncommitted changes"
			}
		}
	}
	return fmt.Sprintf("amdahl %s, %s%s, %s %s/%s", version, commit, changes, goVersion, runtime.GOOS, runtime.GOARCH)
}

// noArguments refuses arguments.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no arguments, got %q", cmd.Name(), args)}
	}
	return nil
}
