package critical

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	xtrace "golang.org/x/exp/trace"
)

// recorded is a trace of a benchmark whose goroutines pass a token through a channel.
func recorded(b *testing.B) []byte {
	b.Helper()
	f, err := os.Open(filepath.Join("..", "losses", "testdata", "channel.trace.gz"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// How fast a trace is followed, beside how fast package trace reads it at all.
func BenchmarkFind(b *testing.B) {
	text := recorded(b)
	b.Run("of=path", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		dir := b.TempDir()
		for b.Loop() {
			if _, err := Find(bytes.NewReader(text), Options{Temp: dir}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("of=what-if", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, err := WhatIf(bytes.NewReader(text), Question{Region: "none", Times: 1}); err == nil {
				b.Fatal("a region that is not there")
			}
		}
	})
	b.Run("of=reading", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			in, err := xtrace.NewReader(bytes.NewReader(text))
			if err != nil {
				b.Fatal(err)
			}
			for err == nil {
				_, err = in.ReadEvent()
			}
			if !errors.Is(err, io.EOF) {
				b.Fatal(err)
			}
		}
	})
}
