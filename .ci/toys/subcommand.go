package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func toyCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "toy",
		GroupID: "learn",
		Short:   "Say that it is a toy",
		Long:    "Toy says that it is a toy, and does nothing else.",
		Example: "  amdahl toy",
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "a toy")
			return err
		},
	}
}
