package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"amdahl/results/charts"
)

func drawCommand() *cobra.Command {
	var look figureFlags
	var names []string
	var to float64
	var unplugged bool
	var seed uint64
	lists := map[string]*string{} // by parameter
	cmd := &cobra.Command{
		Use:     "draw -o FILE [--law NAME...] [--sigma LIST]",
		GroupID: "draw",
		Short:   "Draw laws without data: the first slide of every course",
		Long:    "Draw draws laws with parameters of your own, without any measurement: one line for\neach value, one panel for each law. Lists of several parameters are taken together,\nthe first with the first. " + pictureList(),
		Example: `  amdahl draw -o amdahl.svg --sigma 0.5,0.25,0.1,0.05
  amdahl draw -o both.svg --law amdahl,gustafson --sigma 0.5,0.1 --to 64
  amdahl draw -o usl.png --law usl --sigma 0.1 --kappa 0,0.001,0.01 --size 16:9 --font-size 14
  amdahl draw -o lock.svg --law bottleneck,convoy --nstar 8 --c 1.5 --linear
  amdahl draw --unplugged -o sheet.pdf`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if unplugged {
				return drawSheet(cmd, &look, seed)
			}
			if cmd.Flags().Changed("seed") {
				return usageError{errors.New("--seed is of the cards of a sheet: amdahl draw --unplugged --seed 2 -o sheet.pdf")}
			}
			layout, err := look.check(cmd)
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("to") && to == 0 {
				return usageError{errors.New("--to 0: write how many workers the axis shows, from 2, as in --to 64")}
			}
			pictures, err := picturesOf(names)
			if err != nil {
				return usageError{err}
			}
			values := charts.Values{}
			for name, list := range lists {
				if !cmd.Flags().Changed(name) {
					continue
				}
				if values[name], err = parseNumbers(name, *list); err != nil {
					return usageError{err}
				}
			}
			f, err := charts.DrawPictures(pictures, values, charts.PictureOptions{Title: look.title, To: to, Only: charts.Quantity(look.only), Linear: look.linear})
			if err != nil {
				return usageError{err}
			}
			return look.draw(cmd, f, layout)
		},
	}
	look.flags(cmd)
	cmd.Flags().StringSliceVar(&names, "law", []string{charts.Pictures[0].Name}, "what to draw, side by side; given more than once or separated by commas")
	cmd.Flags().BoolVar(&unplugged, "unplugged", false, "a sheet to print instead (A4): students are the processors, cards are the tasks")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "of the numbers on the cards of --unplugged")
	cmd.Flags().Float64Var(&to, "to", 256, "right end of the axis, in workers")
	for _, p := range charts.Pictures {
		for _, q := range p.Parameters {
			if lists[q.Name] != nil {
				continue
			}
			lists[q.Name] = new(string)
			cmd.Flags().StringVar(lists[q.Name], q.Name, "", "list of values: "+q.Doc)
		}
	}
	return cmd
}

// drawSheet writes the exercise without computers. It has a size and colours of its own.
func drawSheet(cmd *cobra.Command, look *figureFlags, seed uint64) error {
	var wrong []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains([]string{"unplugged", "seed", "output"}, f.Name) {
			wrong = append(wrong, "--"+f.Name)
		}
	})
	format, ok := charts.FormatOf(look.file)
	switch {
	case len(wrong) > 0:
		return usageError{fmt.Errorf("--unplugged is a sheet for printing: leave out %s", strings.Join(wrong, ", "))}
	case !ok || format == charts.VegaLiteFormat:
		return usageError{fmt.Errorf("-o %q: name a file that ends in .pdf (both pages), .svg or .png, as in amdahl draw --unplugged -o sheet.pdf", look.file)}
	}
	files, err := charts.SaveSheet(look.file, charts.NewSheet(seed))
	if err != nil {
		return err
	}
	for _, f := range files {
		cmd.PrintErrln("amdahl: wrote", f)
	}
	return nil
}

// pictureList is what there is to draw.
func pictureList() string {
	var b strings.Builder
	b.WriteString("There are\n")
	for _, p := range charts.Pictures {
		var with []string
		for _, q := range p.Parameters {
			with = append(with, "--"+q.Name)
		}
		fmt.Fprintf(&b, "\n  %-11s %s (%s)", p.Name, p.Doc, strings.Join(with, ", "))
	}
	return b.String()
}

// picturesOf finds the pictures by name, each once.
func picturesOf(names []string) ([]*charts.Picture, error) {
	var known []string
	for _, p := range charts.Pictures {
		known = append(known, p.Name)
	}
	var pictures []*charts.Picture
	for _, n := range names {
		p := charts.FindPicture(strings.TrimSpace(n))
		if p == nil {
			return nil, fmt.Errorf("--law %s: there is no such picture:%s write one of %s", n, didYouMean(n, "", known), strings.Join(known, ", "))
		}
		if !slices.Contains(pictures, p) {
			pictures = append(pictures, p)
		}
	}
	return pictures, nil
}

// parseNumbers reads a list of numbers.
func parseNumbers(name, list string) ([]float64, error) {
	var all []float64
	for _, s := range strings.Split(list, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if err != nil {
			return nil, fmt.Errorf("--%s %s: %q is not a number: write numbers with commas between, as in --%s 0.1,0.05", name, list, s, name)
		}
		all = append(all, v)
	}
	return all, nil
}
