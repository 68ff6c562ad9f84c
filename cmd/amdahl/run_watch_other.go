//go:build !linux

package main

const watchEnv = "AMDAHL_WATCH"

// A watcher is for Linux.
type watcher struct{}

var watcherProgram = ""

func watch() *watcher { return nil }

func (*watcher) end() {}

func watcherMain(string) {}
