package charts

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"slices"
	"strings"
	"testing"
)

// A figure has the size that is asked for, to the pixel, with 1 to 20 series, and
// what it has no room for is said.
func TestSize(t *testing.T) {
	for _, series := range []int{1, 3, 9} {
		f := Scaling(many(series, "alg="), Options{})
		for _, size := range []struct{ w, h int }{{600, 400}, {1280, 720}, {500, 900}} {
			l := Layout{Width: float64(size.w) / 96, Height: float64(size.h) / 96, DPI: 96}
			var b bytes.Buffer
			if err := Draw(&b, f, "png", l); err != nil {
				t.Errorf("%d series, %v: %v", series, size, err)
				continue
			}
			img, err := png.Decode(&b)
			if err != nil {
				t.Fatal(err)
			}
			if got := img.Bounds().Size(); got.X != size.w || got.Y != size.h {
				t.Errorf("%d series: got %v, want %v", series, got, size)
			}
			b.Reset()
			if err := Draw(&b, f, "svg", l); err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf(`<svg width="%gpt" height="%gpt"`, float64(size.w)*0.75, float64(size.h)*0.75); !bytes.Contains(b.Bytes(), []byte(want)) {
				t.Errorf("svg of %v does not begin with %s: %.200s", size, want, b.String())
			}
		}
	}
	f := Scaling(many(20, "alg="), Options{})
	tiny := Layout{Width: 5, Height: 2.2, FontSize: 14}
	if err := Draw(&bytes.Buffer{}, f, "png", tiny); !errors.As(err, new(*SizeError)) {
		t.Fatalf("20 series on 5 × 2.2 inches with large letters: %v, want a SizeError", err)
	}
	larger, ok := Larger(f, tiny)
	if room, err := RoomFor(f, larger); !ok || err != nil || room.Crowded {
		t.Errorf("the larger layout, %+v, does not do: %+v, %v", larger, room, err)
	}
	if size, ok := Smaller(f, Layout{Width: 8, Height: 6, FontSize: 30}); !ok || size >= 30 {
		t.Errorf("smaller letters: got %g, %v", size, ok)
	}
	if room, err := RoomFor(f, Layout{Width: 6.25, Height: 400.0 / 96}); err != nil || !room.Crowded {
		t.Errorf("20 series on 600 × 400 pixels: got %+v, %v, want a crowded figure", room, err)
	}
	if room, err := RoomFor(f, Layout{}); err != nil || room.Crowded || len(room.Dropped) > 0 {
		t.Errorf("20 series on a usual page: got %+v, %v, want room for all", room, err)
	}
	nine := Scaling(many(9, "alg="), Options{})
	if room, err := RoomFor(nine, Layout{Width: 6.25, Height: 2.6}); err != nil || len(room.Dropped) == 0 {
		t.Errorf("a small figure: got %+v, %v, want texts that have no room", room, err)
	} else {
		for _, text := range room.Dropped {
			if !slices.Contains(append(slices.Clone(nine.Caption), nine.Subtitle, "what the legend says beside the names, such as the laws"), text) {
				t.Errorf("%q is dropped, which is no whole text of the figure", text)
			}
		}
	}
	// Letters twice as large are on a page half as wide.
	if w := laidOut(t, nine, Layout{FontSize: 2 * usualFont}).width; w != 11*72/2 {
		t.Errorf("a page with letters twice as large is %g points wide, want %d", w, 11*72/2)
	}
}

// A theme changes colours and nothing else.
func TestThemes(t *testing.T) {
	f := Scaling(onCores(), Options{})
	plain := string(drawn(t, f, Layout{}, "svg", "png", "pdf")["svg"])
	for _, name := range Themes {
		theme, err := ParseTheme(name)
		if err != nil {
			t.Fatal(err)
		}
		svg := string(drawn(t, f, Layout{Theme: theme}, "svg", "png", "pdf")["svg"])
		for _, element := range []string{"<path", "<text"} {
			if got, want := strings.Count(svg, element), strings.Count(plain, element); got != want {
				t.Errorf("%s: %d times %s, on light paper %d", name, got, element, want)
			}
		}
		if !strings.Contains(svg, hex(theme.of(palette[1]))) {
			t.Errorf("%s: no blue of this theme in it", name)
		}
		if theme != Light && strings.Contains(svg, hex(palette[1].light)) {
			t.Errorf("%s: the blue of light paper is in it", name)
		}
	}
	if _, err := ParseTheme("neon"); err == nil || !strings.Contains(err.Error(), "use one of light, dark, print") {
		t.Errorf("got %v", err)
	}
}
