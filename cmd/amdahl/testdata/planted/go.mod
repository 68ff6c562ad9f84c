module planted

go 1.25
