"""``kubernetes.yaml``: the container, watched over by Kubernetes."""

from __future__ import annotations

from poebook.export.project.facts import Facts


def kubernetes(facts: Facts) -> str:
    """A deployment and a service; keys come from a secret of the bot's name."""
    literals = " ".join(f"--from-literal={one.name}=..." for one in facts.every_variable)
    slug = facts.slug
    return f"""\
# kubectl create secret generic {slug} {literals}
# kubectl apply -f kubernetes.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {slug}
  labels: {{app: {slug}}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: {slug}}}
  template:
    metadata:
      labels: {{app: {slug}}}
    spec:
      terminationGracePeriodSeconds: 60 # answers under way are finished
      securityContext: {{runAsNonRoot: true, runAsUser: 1000}}
      containers:
        - name: bot
          image: {slug}:latest # where your registry has it
          ports: [{{containerPort: 8080}}]
          envFrom:
            - secretRef: {{name: {slug}}}
          readinessProbe:
            httpGet: {{path: /readyz, port: 8080}}
            periodSeconds: 5
          livenessProbe:
            httpGet: {{path: /livez, port: 8080}}
            periodSeconds: 15
          resources:
            requests: {{cpu: 250m, memory: 128Mi}}
            limits: {{memory: 512Mi}}
          securityContext: {{allowPrivilegeEscalation: false}}
---
apiVersion: v1
kind: Service
metadata:
  name: {slug}
spec:
  selector: {{app: {slug}}}
  ports: [{{port: 80, targetPort: 8080}}]
"""
