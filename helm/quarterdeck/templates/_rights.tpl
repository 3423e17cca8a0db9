{{/* Whether some cluster of the configuration is this one, reached by the pods' own account. */}}
{{- define "quarterdeck.home" -}}
{{- range $cluster := .Values.config.clusters -}}
{{- if not (and $cluster (or $cluster.kubeconfig $cluster.context)) -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{/* As JSON: each namespace of this cluster that the configuration names → the commands permitted there. */}}
{{- define "quarterdeck.permitted" -}}
{{- $config := .Values.config -}}
{{- $permitted := dict -}}
{{- range $environment, $settings := $config.environments -}}
{{- $cluster := index $config.clusters $settings.cluster -}}
{{- if not (and $cluster (or $cluster.kubeconfig $cluster.context)) -}}
{{- $commands := get $permitted $settings.namespace | default list -}}
{{- range $rule := $config.permissions -}}
{{- if and (not $rule.deny) (or (has "*" $rule.environments) (has $environment $rule.environments)) -}}
{{- $commands = concat $commands $rule.commands -}}
{{- end -}}
{{- end -}}
{{- if eq ($settings.on_failure | default "ask") "rollback" }}{{ $commands = append $commands "goes_back" }}{{ end -}}
{{- if $settings.mask_secrets }}{{ $commands = append $commands "mask_secrets" }}{{ end -}}
{{- $_ := set $permitted $settings.namespace (uniq $commands) -}}
{{- end -}}
{{- end -}}
{{- toJson $permitted -}}
{{- end -}}

{{/* A Role's rules. Takes `needs` (command → resource → verbs, from permissions.yaml), the permitted `commands` and the `process`. */}}
{{- define "quarterdeck.rules" -}}
{{- $rights := dict -}}
{{- range $command := has "*" .commands | ternary (keys .needs) .commands -}}
{{- range $resource, $verbs := get $.needs $command | default dict -}}
{{- $_ := set $rights $resource (concat (get $rights $resource | default list) $verbs | uniq | sortAlpha) -}}
{{- end -}}
{{- end -}}
{{- if and (has "patch" (get $rights "deployments.apps" | default list)) (has "goes_back" .commands) }}{{ $_ := set $rights "pods" (append $rights.pods "delete" | uniq | sortAlpha) }}{{ end -}}
{{- if and (or (hasKey $rights "pods/log") (hasKey $rights "events")) (has "mask_secrets" .commands) }}{{ $_ := set $rights "secrets" (list "get") }}{{ end -}}
{{- range $resource, $verbs := $rights }}
{{- $name := splitn "." 2 $resource }}
- {apiGroups: [{{ $name._1 | default "" | quote }}], resources: [{{ $name._0 }}], verbs: [{{ join ", " $verbs }}]}
{{- end }}
{{- end -}}
