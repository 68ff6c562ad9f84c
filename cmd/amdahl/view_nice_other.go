//go:build !unix

package main

// lowerPriority does nothing here.
var lowerPriority = func() {}
