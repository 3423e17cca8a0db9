{{/* The release's name, and the chart's if that does not say it. */}}
{{- define "quarterdeck.name" -}}
{{- $both := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- $both | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* What every selector begins with. */}}
{{- define "quarterdeck.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of an object. Takes `root` and `component`. */}}
{{- define "quarterdeck.labels" -}}
{{ include "quarterdeck.selector" .root }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end -}}
