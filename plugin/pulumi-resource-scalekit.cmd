@node "%~dp0pulumi-resource-scalekit" %*
