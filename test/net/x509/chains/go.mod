module chains

go 1.26.0
