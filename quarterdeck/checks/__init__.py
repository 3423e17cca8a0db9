"""What ``quarterdeck check`` looks at, one file per subject. Each yields findings; none of them raises."""
