{{/* Everything that no schema can say, all of it at once. */}}
{{- define "quarterdeck.refusals" -}}
{{- $told := list -}}
{{- with .Values -}}
{{- if not .image.repository -}}
{{- $told = append $told "image.repository is empty: say where the image lies, such as registry.example/quarterdeck" -}}
{{- end -}}
{{- if not .image.digest -}}
{{- $told = append $told "image.digest is empty: say which image, as sha256:…" -}}
{{- end -}}
{{- if not .config -}}
{{- $told = append $told "config is empty: put your quarterdeck.yaml there" -}}
{{- end -}}
{{- if not .slack.secret -}}
{{- $told = append $told "slack.secret is empty: name a Secret with SLACK_BOT_TOKEN and SLACK_APP_TOKEN" -}}
{{- end -}}
{{- if and .redis.secret .redis.trial.enabled -}}
{{- $told = append $told "redis.secret and redis.trial are two Redis: choose one" -}}
{{- end -}}
{{- if not (or .redis.secret .redis.trial.enabled) -}}
{{- $told = append $told "there is no Redis: name a Secret with REDIS_URL in redis.secret, or enable redis.trial" -}}
{{- end -}}
{{- if and .redis.trial.enabled (or .redis.caSecret .redis.clientSecret .redis.sentinelSecret) -}}
{{- $told = append $told "redis.caSecret, clientSecret and sentinelSecret are for a Redis of yours: redis.trial has neither TLS nor Sentinel" -}}
{{- end -}}
{{- if and .redis.trial.enabled (not (and .redis.trial.image .redis.trial.secret)) -}}
{{- $told = append $told "redis.trial needs an image by digest, and a secret with REDIS_PASSWORD" -}}
{{- end -}}
{{- range $name, $cluster := .config.clusters -}}
{{- if and $cluster (or $cluster.kubeconfig $cluster.context) (not $.Values.kubeconfigSecret) -}}
{{- $told = append $told (printf "config.clusters.%s is reached by a kubeconfig: name a Secret with it in kubeconfigSecret" $name) -}}
{{- end -}}
{{- end -}}
{{- range $name, $environment := .config.environments -}}
{{- if not (hasKey $.Values.config.clusters $environment.cluster) -}}
{{- $told = append $told (printf "config.environments.%s: there is no cluster %q" $name $environment.cluster) -}}
{{- end -}}
{{- if and $environment.impersonate $.Values.rbac.create (not $.Values.rbac.impersonate.users) -}}
{{- $told = append $told (printf "config.environments.%s.impersonate: name whom the worker may act as in rbac.impersonate" $name) -}}
{{- end -}}
{{- end -}}
{{- if and .slack.proxy .networkPolicy.enabled (not .networkPolicy.proxy) -}}
{{- $told = append $told "networkPolicy.proxy is empty: say which peers slack.proxy is" -}}
{{- end -}}
{{- if and .monitoring.alerts (not .monitoring.runbook) -}}
{{- $told = append $told "monitoring.runbook is empty: say where docs/operations.md can be read, for the alerts link to it" -}}
{{- end -}}
{{- if and .worker.autoscaling.enabled (gt (int .worker.autoscaling.min) (int .worker.autoscaling.max)) -}}
{{- $told = append $told "worker.autoscaling.min is above max" -}}
{{- end -}}
{{- end -}}
{{- if $told -}}
{{- fail (printf "\n%s" (join "\n" $told)) -}}
{{- end -}}
{{- end -}}
