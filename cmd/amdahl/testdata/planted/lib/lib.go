// Package lib is a library with a lock that its callers do not see.
package lib

import "sync"

var mu sync.Mutex

// Do runs work under the one lock of the library.
func Do(work func()) {
	mu.Lock()   // guilty: Library
	work()      // guilty: Library
	mu.Unlock() // guilty: Library
}
