// Package unix is the part of golang.org/x/sys/unix that package procpool uses, made of the
// standard library alone: a lab's module has no dependencies. The copy of procpool in a
// lab imports it in place of golang.org/x/sys/unix. Names and results are those of the
// original.
package unix
