"""One file per behaviour of the control plane: each looks at the cluster and moves it a step towards what is asked."""
