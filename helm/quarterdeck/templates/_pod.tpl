{{/* A pod's spec. Takes `root`, the `process` whose secrets and account it has, `args`, and whether it is `serving`. */}}
{{- define "quarterdeck.pod" -}}
{{- $values := .root.Values -}}
{{- $name := include "quarterdeck.name" .root -}}
{{- $isBot := eq .process "bot" -}}
serviceAccountName: {{ $name }}-{{ .process }}
automountServiceAccountToken: {{ and (not $isBot) (eq (include "quarterdeck.home" .root) "" | not) }}
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
{{- with $values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with $values.scheduling }}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}
containers:
  - name: {{ .process }}
    image: {{ printf "%s@%s" $values.image.repository $values.image.digest | quote }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    args: {{ concat (list "--log-format" "json" "--log-level" $values.logLevel) .args | toJson }}
    env: {{- include "quarterdeck.env" . | nindent 6 }}
    resources: {{- toYaml (index $values .process).resources | nindent 6 }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {drop: [ALL]}
    {{- if .serving }}
    ports:
      - {name: health, containerPort: 8080}
      {{- if and $isBot $values.slack.http }}
      - {name: http, containerPort: 3000}
      {{- end }}
    startupProbe: # a process waits half a minute for Redis, then says so and ends by itself
      httpGet: {path: /healthz, port: health}
      periodSeconds: 2
      failureThreshold: 30
    livenessProbe:
      httpGet: {path: /healthz, port: health}
      timeoutSeconds: 5
    readinessProbe:
      httpGet: {path: /readyz, port: health}
      timeoutSeconds: 5
    {{- if and $isBot $values.slack.http }}
    lifecycle: # the Service forgets it before it stops listening
      preStop: {sleep: {seconds: 5}}
    {{- end }}
    {{- end }}
    volumeMounts:
      - {name: quarterdeck, mountPath: /etc/quarterdeck, readOnly: true}
      {{- if not $isBot }}
      - {name: tmp, mountPath: /tmp}
      {{- end }}
volumes:
  - name: quarterdeck
    projected:
      defaultMode: 0440
      sources:
        - configMap: {name: {{ $name }}}
        {{- with $values.redis.caSecret }}
        - secret: {name: {{ . }}, items: [{key: ca.crt, path: redis-ca.crt}]}
        {{- end }}
        {{- with $values.redis.clientSecret }}
        - secret: {name: {{ . }}, items: [{key: tls.crt, path: redis-tls.crt}, {key: tls.key, path: redis-tls.key}]}
        {{- end }}
        {{- if and $values.kubeconfigSecret (not $isBot) }}
        - secret: {name: {{ $values.kubeconfigSecret }}, items: [{key: kubeconfig, path: kubeconfig}]}
        {{- end }}
  {{- if not $isBot }}
  - name: tmp # a kubeconfig's certificates become files; in memory, they end with the pod
    emptyDir: {medium: Memory, sizeLimit: 16Mi}
  {{- end }}
{{- end -}}

{{/* Its environment: each process holds its own secrets and no others. */}}
{{- define "quarterdeck.env" -}}
{{- $values := .root.Values -}}
- {name: QUARTERDECK_CONFIG, value: /etc/quarterdeck/quarterdeck.yaml}
{{- if $values.redis.trial.enabled }}
- {name: REDIS_PASSWORD, valueFrom: {secretKeyRef: {name: {{ $values.redis.trial.secret }}, key: REDIS_PASSWORD}}}
- {name: REDIS_URL, value: "redis://:$(REDIS_PASSWORD)@{{ include "quarterdeck.name" .root }}-redis:6379/0"}
{{- else }}
- {name: REDIS_URL, valueFrom: {secretKeyRef: {name: {{ $values.redis.secret }}, key: REDIS_URL}}}
{{- if $values.redis.caSecret }}
- {name: REDIS_CA_FILE, value: /etc/quarterdeck/redis-ca.crt}
{{- end }}
{{- if $values.redis.clientSecret }}
- {name: REDIS_CERT_FILE, value: /etc/quarterdeck/redis-tls.crt}
- {name: REDIS_KEY_FILE, value: /etc/quarterdeck/redis-tls.key}
{{- end }}
{{- with $values.redis.sentinelSecret }}
{{- range $key := list "REDIS_SENTINEL_USER" "REDIS_SENTINEL_PASSWORD" }}
- {name: {{ $key }}, valueFrom: {secretKeyRef: {name: {{ $values.redis.sentinelSecret }}, key: {{ $key }}, optional: {{ eq $key "REDIS_SENTINEL_USER" }}}}}
{{- end }}
{{- end }}
{{- end }}
{{- with $values.signingKeySecret }}
- {name: QUARTERDECK_SIGNING_KEY, valueFrom: {secretKeyRef: {name: {{ . }}, key: QUARTERDECK_SIGNING_KEY}}}
{{- end }}
{{- if eq .process "bot" }}
{{- range $key := list "SLACK_BOT_TOKEN" (ternary "SLACK_SIGNING_SECRET" "SLACK_APP_TOKEN" $values.slack.http) }}
- {name: {{ $key }}, valueFrom: {secretKeyRef: {name: {{ $values.slack.secret }}, key: {{ $key }}}}}
{{- end }}
{{- with $values.slack.proxy }}
- {name: HTTPS_PROXY, value: {{ . | quote }}}
{{- end }}
{{- else if $values.kubeconfigSecret }}
- {name: KUBECONFIG, value: /etc/quarterdeck/kubeconfig}
{{- end }}
{{- with (index $values .process).extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
