//go:build !unix

package procpool

import "os"

// newStreams makes the link of a parent over two pipes, and the ends of the
// worker. Only what is meant to be inherited is inherited here, so that the
// end of the worker is the end of its pipes.
func newStreams() (l *pipeLink, theirs []*os.File, err error) {
	toR, toW, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	fromR, fromW, err := os.Pipe()
	if err != nil {
		toR.Close()
		toW.Close()
		return nil, nil, err
	}
	l = newPipeLink(fromR, toW)
	l.parent = true
	return l, []*os.File{toR, fromW}, nil
}
