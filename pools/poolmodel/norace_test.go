//go:build !race

package poolmodel

const checks = "20"
