package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/laws"
)

func TestFigure(t *testing.T) {
	c, config := example()
	f := figure(c, config, results.Machine{CPU: "Example CPU"})
	text := fmt.Sprintf("%+v", f)
	for _, want := range []string{
		"Title:Measured while other work comes and goes: rounds and row", "Subtitle:The error of rounds is 0.1",
		"load: heavy; time: 10s", "Example CPU", "Name:rounds", "{X:1 Y:0.16 Bar:<nil> Across:<nil> Shift:0}", "planted 0.05", "{X:1.3 Y:0.00999", "{X:0.65 Y:0.00999",
		"Label:rounds} {Value:2 Label:row", "Text:median with its 95 % interval",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got\n%s\nwant %q in it", text, want)
		}
	}
	for _, p := range f.Panels {
		for _, a := range []charts.Axis{p.X, p.Y} {
			if !(a.Min < a.Max) || len(a.Ticks) < 2 {
				t.Errorf("axis %s: %d ticks from %g to %g, want two at least", a.Label, len(a.Ticks), a.Min, a.Max)
			}
		}
	}
	var b bytes.Buffer
	if err := charts.Draw(&b, f, "svg", charts.Layout{}); err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(&b); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the SVG is not well-formed: %v", err)
		}
	}
}

// Exact hits leave nothing to draw on the logarithmic axis of the errors.
func TestFigureExact(t *testing.T) {
	c := &contest{}
	for i := range c.Methods {
		c.Methods[i] = method{Name: "a", Attempts: []attempt{{Repeat: 1, Planted: 0.1, Found: laws.Estimate{Value: 0.1}}}}
	}
	f := figure(c, nil, results.Machine{})
	if text := fmt.Sprintf("%+v", f); len(f.Panels) != 1 || !strings.Contains(text, "{X:1 Y:0.1 Bar:<nil> Across:<nil> Shift:0}") {
		t.Errorf("got %d panels, want that of the fractions alone in\n%s", len(f.Panels), text)
	}
	if err := charts.Draw(io.Discard, f, "svg", charts.Layout{}); err != nil {
		t.Error(err)
	}
}
