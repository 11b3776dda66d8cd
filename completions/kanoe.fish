# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_kanoe_global_optspecs
    string join \n as= as-group= as-uid= as-user-extra= cache-dir= certificate-authority= client-certificate= client-key= cluster= context= disable-compression insecure-skip-tls-verify kubeconfig= kuberc= log-flush-frequency= match-server-version n/namespace= password= profile= profile-output= request-timeout= s/server= tls-server-name= token= user= username= v/v= vmodule= warnings-as-errors h/help
end

function __fish_kanoe_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_kanoe_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_kanoe_using_subcommand
    set -l cmd (__fish_kanoe_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c kanoe -n "__fish_kanoe_needs_command" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_needs_command" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_needs_command" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_needs_command" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_needs_command" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_needs_command" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "create" -d 'Create a resource from a file or from stdin'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "expose" -d 'Serve a resource as a new service'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "run" -d 'Run an image as a pod'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "set" -d 'Set single features of objects'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "explain" -d 'Show what a resource\'s fields mean'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "get" -d 'Show one or many resources'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "edit" -d 'Edit a resource in an editor'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "delete" -d 'Delete resources by file, name, selector or all of a type'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "rollout" -d 'Manage the rollout of a resource'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "scale" -d 'Set the number of replicas'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "autoscale" -d 'Scale a resource by its load'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "certificate" -d 'Decide on certificate signing requests'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "cluster-info" -d 'Show where the cluster is'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "top" -d 'Show the use of CPU and memory'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "cordon" -d 'Close a node for new pods'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "uncordon" -d 'Open a node for new pods'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "drain" -d 'Empty a node before maintenance'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "taint" -d 'Set taints of nodes'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "describe" -d 'Show a resource with all that belongs to it'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "logs" -d 'Print the logs of a container'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "attach" -d 'Attach to a running container'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "exec" -d 'Run a command in a container'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "port-forward" -d 'Forward local ports to a pod'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "proxy" -d 'Serve the API on a local port'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "cp" -d 'Copy files to and from containers'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "auth" -d 'Look at authorization'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "debug" -d 'Debug pods and nodes'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "events" -d 'List events'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "diff" -d 'Compare the live version with what would be applied'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "apply" -d 'Bring resources to the state that files describe'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "patch" -d 'Change fields of a resource'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "replace" -d 'Replace a resource by file or stdin'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "wait" -d 'Wait for a condition'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "kustomize" -d 'Build a kustomization'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "label" -d 'Set labels of a resource'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "annotate" -d 'Set annotations of a resource'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "completion" -d 'Print completion code for a shell (bash, zsh, fish, powershell)'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "api-resources" -d 'Print the resources that the server serves'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "api-versions" -d 'Print the group versions that the server serves'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "config" -d 'Change kubeconfig files'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "kuberc" -d 'Manage the file of your preferences'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "plugin" -d 'Work with plugins'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "version" -d 'Print the versions of client and server'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "cluster" -d 'Start, stop and look at the embedded cluster'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "image" -d 'Load, pull, list and remove images of the embedded node'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "node" -d 'Join nodes to a cluster'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "doctor" -d 'Check this machine and say how to mend what is missing'
complete -c kanoe -n "__fish_kanoe_needs_command" -f -a "with" -d 'Run a command against a fresh cluster that is deleted afterwards'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l raw -d 'Path to ask the server for, or raw data.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l edit -d 'Edit the object before it is created.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l windows-line-endings -d 'Write lines to the editor as Windows does.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "clusterrole" -d 'Create a cluster role'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "clusterrolebinding" -d 'Create a cluster role binding'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "configmap" -d 'Create a config map from files, folders or literal values'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "cm" -d 'Create a config map from files, folders or literal values'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "cronjob" -d 'Create a cron job'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "cj" -d 'Create a cron job'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "deployment" -d 'Create a deployment'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "deploy" -d 'Create a deployment'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "ingress" -d 'Create an ingress'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "ing" -d 'Create an ingress'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "job" -d 'Create a job'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "namespace" -d 'Create a namespace'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "ns" -d 'Create a namespace'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "poddisruptionbudget" -d 'Create a pod disruption budget'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "pdb" -d 'Create a pod disruption budget'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "priorityclass" -d 'Create a priority class'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "pc" -d 'Create a priority class'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "quota" -d 'Create a quota'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "resourcequota" -d 'Create a quota'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "role" -d 'Create a role'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "rolebinding" -d 'Create a role binding'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "secret" -d 'Create a secret'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "service" -d 'Create a service'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "svc" -d 'Create a service'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "serviceaccount" -d 'Create a service account'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "sa" -d 'Create a service account'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy ingress ing job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token" -a "token" -d 'Request a service account token'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l aggregation-rule -d 'Label selector of the cluster roles to aggregate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l non-resource-url -d 'Paths that the rule is for.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l resource -d 'Resources that the rule is for.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l resource-name -d 'Names that the rule is for.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l verb -d 'Verbs that the rule allows.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l clusterrole -d 'Cluster role to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l group -d 'Group to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l serviceaccount -d 'Service account: namespace:name.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l from-env-file -d 'File with lines key=value.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l from-file -d 'File or folder, with a key if wanted: key=file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l from-literal -d 'Key and value: key=value.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l append-hash -d 'Append a hash of the content to the name.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from configmap" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l from-env-file -d 'File with lines key=value.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l from-file -d 'File or folder, with a key if wanted: key=file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l from-literal -d 'Key and value: key=value.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l append-hash -d 'Append a hash of the content to the name.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cm" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l image -d 'Image to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l restart -d 'When the container is restarted.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l schedule -d 'When to run, as cron writes it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cronjob" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l image -d 'Image to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l restart -d 'When the container is restarted.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l schedule -d 'When to run, as cron writes it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from cj" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l image -d 'Image to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l port -d 'Port to serve.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -s r -l replicas -d 'Number of replicas.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deployment" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l image -d 'Image to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l port -d 'Port to serve.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -s r -l replicas -d 'Number of replicas.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from deploy" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l annotation -d 'Annotation to insert: key=value.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l class -d 'Ingress class.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l default-backend -d 'Default service: name:port.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l rule -d 'Rule: host/path=service:port[,tls[=secret]].' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ingress" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l annotation -d 'Annotation to insert: key=value.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l class -d 'Ingress class.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l default-backend -d 'Default service: name:port.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l rule -d 'Rule: host/path=service:port[,tls[=secret]].' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ing" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l from -d 'Object to take values from.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l image -d 'Image to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from job" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from namespace" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from ns" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l max-unavailable -d 'Most pods that may be unavailable.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l min-available -d 'Fewest pods that must be available.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l max-unavailable -d 'Most pods that may be unavailable.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l min-available -d 'Fewest pods that must be available.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pdb" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l description -d 'What the priority class is for.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l preemption-policy -d 'When pods of this priority displace others.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l value -d 'The priority.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l global-default -d 'Make it the default priority.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l description -d 'What the priority class is for.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l preemption-policy -d 'When pods of this priority displace others.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l value -d 'The priority.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l global-default -d 'Make it the default priority.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from pc" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l hard -d 'Limits: resource=quantity,...' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l scopes -d 'Scopes of the quota.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from quota" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l hard -d 'Limits: resource=quantity,...' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l scopes -d 'Scopes of the quota.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l resource -d 'Resources that the rule is for.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l resource-name -d 'Names that the rule is for.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l verb -d 'Verbs that the rule allows.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from role" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l clusterrole -d 'Cluster role to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l group -d 'Group to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l role -d 'Role to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l serviceaccount -d 'Service account: namespace:name.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -f -a "docker-registry" -d 'Create a secret for a registry'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -f -a "generic" -d 'Create a secret from files, folders or literal values'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from secret" -f -a "tls" -d 'Create a TLS secret'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -f -a "clusterip" -d 'Create a ClusterIP service'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -f -a "externalname" -d 'Create an ExternalName service'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -f -a "loadbalancer" -d 'Create a LoadBalancer service'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from service" -f -a "nodeport" -d 'Create a NodePort service'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -f -a "clusterip" -d 'Create a ClusterIP service'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -f -a "externalname" -d 'Create an ExternalName service'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -f -a "loadbalancer" -d 'Create a LoadBalancer service'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from svc" -f -a "nodeport" -d 'Create a NodePort service'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from sa" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l audience -d 'Audience of the token; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l bound-object-kind -d 'Kind of the object that the token is bound to.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l bound-object-name -d 'Name of the object that the token is bound to.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l bound-object-uid -d 'UID of the object that the token is bound to.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l duration -d 'How long the token shall be valid.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand create; and __fish_seen_subcommand_from token" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l cluster-ip -d 'Address of the service; None for a headless one.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l external-ip -d 'Further address of the service.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -s l -l labels -d 'Labels: key=value,...' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l load-balancer-ip -d 'Address for the load balancer.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l name -d 'Name of the new object.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l override-type -d 'How overrides are merged: json, merge or strategic.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l overrides -d 'JSON to lay over the generated object.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l port -d 'Port to serve.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l protocol -d 'Protocol of the service\'s ports.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l session-affinity -d 'Session affinity: None or ClientIP.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l target-port -d 'Port or name of a port in the container.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l type -d 'Type of the object or patch.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand expose" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l annotations -d 'Annotations of the pod: key=value.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l cascade -d 'What happens to dependents: background, foreground or orphan.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l detach-keys -d 'Keys that detach from the terminal.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l env -d 'Environment variable: key=value.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l grace-period -d 'Seconds for a graceful end; negative for the object\'s own.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l image -d 'Image to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l image-pull-policy -d 'When the image is pulled.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -s l -l labels -d 'Labels: key=value,...' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l override-type -d 'How overrides are merged: json, merge or strategic.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l overrides -d 'JSON to lay over the generated object.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l pod-running-timeout -d 'How long to wait for a pod to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l port -d 'Port to serve.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l restart -d 'When the container is restarted.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l timeout -d 'How long to wait; 0 for the default.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l attach -d 'Wait for the container and attach to it.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l command -d 'Use what stands after -- as the command instead of the arguments.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l expose -d 'Create a service for the pod.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l force -d 'Do not wait for confirmation; may lose data.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l leave-stdin-open -d 'Keep stdin open after the first attach ends.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l privileged -d 'Run the container privileged.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -s q -l quiet -d 'Print what the command says and nothing else.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l rm -d 'Delete the pod when it ends.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -s i -l stdin -d 'Pass stdin to the container.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -s t -l tty -d 'Give the container a terminal.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l wait -d 'Wait until resources are gone.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand run" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -f -a "env" -d 'Set environment variables of a pod template'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -f -a "image" -d 'Set images of a pod template'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -f -a "resources" -d 'Set requests and limits of a pod template'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -f -a "selector" -d 'Set the selector of a resource'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -f -a "serviceaccount" -d 'Set the service account of a pod template'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -f -a "sa" -d 'Set the service account of a pod template'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and not __fish_seen_subcommand_from env image resources selector serviceaccount sa subject" -f -a "subject" -d 'Set subjects of a role binding'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -s c -l containers -d 'Containers that the change is for.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -s e -l env -d 'Environment variable: key=value.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l from -d 'Object to take values from.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l keys -d 'Keys to import.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l prefix -d 'What to put before each line or name.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l list -d 'Print what there is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l local -d 'Work on the files alone, without the server.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l overwrite -d 'Let existing values be replaced.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l resolve -d 'Show the values that references stand for.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from env" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l local -d 'Work on the files alone, without the server.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from image" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -s c -l containers -d 'Containers that the change is for.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l limits -d 'Limits: resource=quantity,...' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l requests -d 'Requests: resource=quantity,...' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l local -d 'Work on the files alone, without the server.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from resources" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l resource-version -d 'Change only this version.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l local -d 'Work on the files alone, without the server.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from selector" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l local -d 'Work on the files alone, without the server.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from serviceaccount" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l local -d 'Work on the files alone, without the server.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from sa" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l group -d 'Group to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l serviceaccount -d 'Service account: namespace:name.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l local -d 'Work on the files alone, without the server.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand set; and __fish_seen_subcommand_from subject" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l api-version -d 'Explain this version of the resource.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand explain" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l chunk-size -d 'Ask for large lists in pieces of this size; 0 turns that off.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l field-selector -d 'Select by fields: =, ==, !=.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -s L -l label-columns -d 'Labels to show as columns.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l raw -d 'Path to ask the server for, or raw data.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l sort-by -d 'Field to sort by.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l subresource -d 'Part of the object to work on.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -s A -l all-namespaces -d 'Take all namespaces, whatever the current one is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l ignore-not-found -d 'Treat what is not there as a success.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l no-headers -d 'Leave the header line out.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l output-watch-events -d 'Show the type of each event.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l server-print -d 'Let the server make the columns.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l show-kind -d 'Show the kind before each name.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l show-labels -d 'Show labels as the last column.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -s w -l watch -d 'Go on printing changes.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l watch-only -d 'Print changes alone.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand get" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l subresource -d 'Part of the object to work on.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l output-patch -d 'Print the patch after an edit.'
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l windows-line-endings -d 'Write lines to the editor as Windows does.'
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand edit" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l cascade -d 'What happens to dependents: background, foreground or orphan.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l field-selector -d 'Select by fields: =, ==, !=.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l grace-period -d 'Seconds for a graceful end; negative for the object\'s own.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l raw -d 'Path to ask the server for, or raw data.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l timeout -d 'How long to wait; 0 for the default.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -s A -l all-namespaces -d 'Take all namespaces, whatever the current one is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l force -d 'Do not wait for confirmation; may lose data.'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l ignore-not-found -d 'Treat what is not there as a success.'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -s i -l interactive -d 'Ask before deleting.'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l now -d 'End resources at once, with one second of grace.'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l wait -d 'Wait until resources are gone.'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand delete" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -f -a "history" -d 'Show the history of a rollout'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -f -a "pause" -d 'Pause a rollout'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -f -a "restart" -d 'Restart a resource\'s pods'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -f -a "resume" -d 'Resume a paused rollout'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -f -a "status" -d 'Show how a rollout goes'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo" -f -a "undo" -d 'Go back to an earlier rollout'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l revision -d 'Revision to show or to wait for.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l revision -d 'Revision to show or to wait for.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l timeout -d 'How long to wait; 0 for the default.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -s w -l watch -d 'Go on printing changes.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l to-revision -d 'Revision to go back to; 0 for the last one.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l current-replicas -d 'Scale only if there are this many replicas.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l replicas -d 'Number of replicas.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l resource-version -d 'Change only this version.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l timeout -d 'How long to wait; 0 for the default.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand scale" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l cpu -d 'Target use of CPU: a percentage or a quantity.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l max -d 'Most replicas.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l memory -d 'Target use of memory.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l min -d 'Fewest replicas.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l name -d 'Name of the new object.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand autoscale" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -f -a "approve" -d 'Approve a certificate signing request'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and not __fish_seen_subcommand_from approve deny" -f -a "deny" -d 'Deny a certificate signing request'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l force -d 'Do not wait for confirmation; may lose data.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from approve" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l force -d 'Do not wait for confirmation; may lose data.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand certificate; and __fish_seen_subcommand_from deny" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and not __fish_seen_subcommand_from dump" -a "dump" -d 'Dump what helps to find faults of a cluster'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l namespaces -d 'Namespaces to dump.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l output-directory -d 'Folder to write to.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l pod-running-timeout -d 'How long to wait for a pod to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -s A -l all-namespaces -d 'Take all namespaces, whatever the current one is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster-info; and __fish_seen_subcommand_from dump" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -f -a "node" -d 'Show the use of CPU and memory by nodes'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -f -a "nodes" -d 'Show the use of CPU and memory by nodes'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -f -a "no" -d 'Show the use of CPU and memory by nodes'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -f -a "pod" -d 'Show the use of CPU and memory by pods'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -f -a "pods" -d 'Show the use of CPU and memory by pods'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and not __fish_seen_subcommand_from node nodes no pod pods po" -f -a "po" -d 'Show the use of CPU and memory by pods'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l sort-by -d 'Field to sort by.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l no-headers -d 'Leave the header line out.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l show-capacity -d 'Show capacity instead of what is allocatable.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l show-swap -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l use-protocol-buffers -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from node" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l sort-by -d 'Field to sort by.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l no-headers -d 'Leave the header line out.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l show-capacity -d 'Show capacity instead of what is allocatable.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l show-swap -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l use-protocol-buffers -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from nodes" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l sort-by -d 'Field to sort by.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l no-headers -d 'Leave the header line out.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l show-capacity -d 'Show capacity instead of what is allocatable.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l show-swap -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l use-protocol-buffers -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from no" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l field-selector -d 'Select by fields: =, ==, !=.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l sort-by -d 'Field to sort by.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -s A -l all-namespaces -d 'Take all namespaces, whatever the current one is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l containers -d 'Containers that the change is for.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l no-headers -d 'Leave the header line out.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l show-swap -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l sum -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l use-protocol-buffers -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pod" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l field-selector -d 'Select by fields: =, ==, !=.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l sort-by -d 'Field to sort by.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -s A -l all-namespaces -d 'Take all namespaces, whatever the current one is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l containers -d 'Containers that the change is for.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l no-headers -d 'Leave the header line out.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l show-swap -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l sum -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l use-protocol-buffers -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from pods" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l field-selector -d 'Select by fields: =, ==, !=.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l sort-by -d 'Field to sort by.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -s A -l all-namespaces -d 'Take all namespaces, whatever the current one is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l containers -d 'Containers that the change is for.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l no-headers -d 'Leave the header line out.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l show-swap -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l sum -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l use-protocol-buffers -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand top; and __fish_seen_subcommand_from po" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cordon" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand uncordon" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l chunk-size -d 'Ask for large lists in pieces of this size; 0 turns that off.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l grace-period -d 'Seconds for a graceful end; negative for the object\'s own.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l pod-selector -d 'Only pods with these labels.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l skip-wait-for-delete-timeout -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l timeout -d 'How long to wait; 0 for the default.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l delete-emptydir-data -d 'Go on even if pods use emptyDir; their data is lost.'
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l disable-eviction -d 'Delete pods instead of evicting them.'
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l force -d 'Do not wait for confirmation; may lose data.'
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l ignore-daemonsets -d 'Leave pods of daemon sets alone.'
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand drain" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l overwrite -d 'Let existing values be replaced.'
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand taint" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l chunk-size -d 'Ask for large lists in pieces of this size; 0 turns that off.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -s A -l all-namespaces -d 'Take all namespaces, whatever the current one is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l show-events -d 'Show events too.'
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand describe" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -s c -l container -d 'Container; the first or the annotated one if left out.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l limit-bytes -d 'Most bytes of a log to print.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l max-log-requests -d 'Most logs to read at a time.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l pod-running-timeout -d 'How long to wait for a pod to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l since -d 'Only lines younger than this.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l since-time -d 'Only lines after this time (RFC 3339).' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l tail -d 'Last lines to print; -1 for all.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l all-containers -d 'Take all containers of the pod.'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l all-pods -d 'Take all pods of the resource.'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -s f -l follow -d 'Go on printing the log.'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l ignore-errors -d 'Go on where a log cannot be read.'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l insecure-skip-tls-verify-backend -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l prefix -d 'What to put before each line or name.'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -s p -l previous -d 'Print the log of the container before this one.'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l timestamps -d 'Put a time before each line.'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand logs" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -s c -l container -d 'Container; the first or the annotated one if left out.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l detach-keys -d 'Keys that detach from the terminal.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l pod-running-timeout -d 'How long to wait for a pod to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -s q -l quiet -d 'Print what the command says and nothing else.'
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -s i -l stdin -d 'Pass stdin to the container.'
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -s t -l tty -d 'Give the container a terminal.'
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand attach" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -s c -l container -d 'Container; the first or the annotated one if left out.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l pod-running-timeout -d 'How long to wait for a pod to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -s q -l quiet -d 'Print what the command says and nothing else.'
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -s i -l stdin -d 'Pass stdin to the container.'
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -s t -l tty -d 'Give the container a terminal.'
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand exec" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l address -d 'Addresses to listen on.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l pod-running-timeout -d 'How long to wait for a pod to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand port-forward" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l accept-hosts -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l accept-paths -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l address -d 'Addresses to listen on.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l api-prefix -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l keepalive -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -s p -l port -d 'Port to serve.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l reject-methods -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l reject-paths -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -s u -l unix-socket -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -s w -l www -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -s P -l www-prefix -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l append-server-path -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l disable-filter -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand proxy" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -s c -l container -d 'Container; the first or the annotated one if left out.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l retries -d 'How often to try again; negative for ever.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l no-preserve -d 'Do not keep owner and mode of the files.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cp" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -f -a "can-i" -d 'Tell whether something is allowed'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -f -a "reconcile" -d 'Bring RBAC objects to a wanted state'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and not __fish_seen_subcommand_from can-i reconcile whoami" -f -a "whoami" -d 'Tell who you are to the server'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l subresource -d 'Part of the object to work on.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s A -l all-namespaces -d 'Take all namespaces, whatever the current one is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l list -d 'Print what there is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l no-headers -d 'Leave the header line out.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s q -l quiet -d 'Print what the command says and nothing else.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l remove-extra-permissions -d 'Take away permissions that are not named.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l remove-extra-subjects -d 'Take away subjects that are not named.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from reconcile" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -s c -l container -d 'Container; the first or the annotated one if left out.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l copy-to -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l custom -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l env -d 'Environment variable: key=value.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l image -d 'Image to run.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l image-pull-policy -d 'When the image is pulled.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l set-image -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l target -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l arguments-only -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l attach -d 'Wait for the container and attach to it.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l keep-annotations -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l keep-init-containers -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l keep-labels -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l keep-liveness -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l keep-readiness -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l keep-startup -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -s q -l quiet -d 'Print what the command says and nothing else.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l replace -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l same-node -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l share-processes -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -s i -l stdin -d 'Pass stdin to the container.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -s t -l tty -d 'Give the container a terminal.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand debug" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l chunk-size -d 'Ask for large lists in pieces of this size; 0 turns that off.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l for -d 'What to wait for, or whose events to print.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l types -d 'Only events of these types.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -s A -l all-namespaces -d 'Take all namespaces, whatever the current one is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l no-headers -d 'Leave the header line out.'
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -s w -l watch -d 'Go on printing changes.'
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand events" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l concurrency -d 'How many objects to compare at a time.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l prune-allowlist -d 'Kinds that pruning may delete: group/version/kind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l force-conflicts -d 'Take over fields that other managers own.'
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l prune -d 'Delete objects that were applied before and are no more named.'
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l server-side -d 'Apply on the server instead of here.'
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l show-secrets -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand diff" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l cascade -d 'What happens to dependents: background, foreground or orphan.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l grace-period -d 'Seconds for a graceful end; negative for the object\'s own.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l prune-allowlist -d 'Kinds that pruning may delete: group/version/kind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l subresource -d 'Part of the object to work on.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l timeout -d 'How long to wait; 0 for the default.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l force -d 'Do not wait for confirmation; may lose data.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l force-conflicts -d 'Take over fields that other managers own.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l openapi-patch -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l overwrite -d 'Let existing values be replaced.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l prune -d 'Delete objects that were applied before and are no more named.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l server-side -d 'Apply on the server instead of here.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l wait -d 'Wait until resources are gone.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -a "edit-last-applied" -d 'Edit the last applied state of a resource'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -a "set-last-applied" -d 'Set the last applied state of a resource to a file\'s'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and not __fish_seen_subcommand_from edit-last-applied set-last-applied view-last-applied" -a "view-last-applied" -d 'Show the last applied state of a resource'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l windows-line-endings -d 'Write lines to the editor as Windows does.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l create-annotation -d 'Create the annotation where there is none.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -s p -l patch -d 'The patch, JSON or YAML.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l patch-file -d 'File with the patch.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l subresource -d 'Part of the object to work on.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l type -d 'Type of the object or patch.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l local -d 'Work on the files alone, without the server.'
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand patch" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l cascade -d 'What happens to dependents: background, foreground or orphan.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l grace-period -d 'Seconds for a graceful end; negative for the object\'s own.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l raw -d 'Path to ask the server for, or raw data.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l subresource -d 'Part of the object to work on.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l timeout -d 'How long to wait; 0 for the default.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l validate -d 'strict, warn or ignore: what to do about unknown fields.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l force -d 'Do not wait for confirmation; may lose data.'
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l save-config -d 'Save the object\'s configuration in its annotation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l wait -d 'Wait until resources are gone.'
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand replace" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l field-selector -d 'Select by fields: =, ==, !=.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l for -d 'What to wait for, or whose events to print.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l timeout -d 'How long to wait; 0 for the default.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -s A -l all-namespaces -d 'Take all namespaces, whatever the current one is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l local -d 'Work on the files alone, without the server.'
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand wait" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -s e -l env -d 'Environment variable: key=value.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l helm-api-versions -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l helm-command -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l helm-kube-version -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l load-restrictor -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l mount -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l network-name -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l as-current-user -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l enable-alpha-plugins -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l enable-helm -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l helm-debug -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l network -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kustomize" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l field-selector -d 'Select by fields: =, ==, !=.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l resource-version -d 'Change only this version.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -s A -l all-namespaces -d 'Take all namespaces, whatever the current one is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l list -d 'Print what there is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l local -d 'Work on the files alone, without the server.'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l overwrite -d 'Let existing values be replaced.'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand label" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -s f -l filename -d 'File, folder or address of the resources.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -s k -l kustomize -d 'Folder of a kustomization.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l dry-run -d 'none, server or client: print what would be done and do not do it.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l field-manager -d 'Name of the manager of the fields that are written.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l field-selector -d 'Select by fields: =, ==, !=.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l resource-version -d 'Change only this version.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -s l -l selector -d 'Select by labels: =, ==, !=, in, notin.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -s R -l recursive -d 'Go into folders, or into fields.'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l all -d 'Select all resources of the given types.'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -s A -l all-namespaces -d 'Take all namespaces, whatever the current one is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l list -d 'Print what there is.'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l local -d 'Work on the files alone, without the server.'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l overwrite -d 'Let existing values be replaced.'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand annotate" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand completion" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l api-group -d 'Only resources of this API group.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l categories -d 'Only resources of these categories.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l sort-by -d 'Field to sort by.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l verbs -d 'Only resources with these verbs.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l cached -d 'Use the cached list of resources if there is one.'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l namespaced -d 'Only resources with (or without) a namespace.'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l no-headers -d 'Leave the header line out.'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-resources" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand api-versions" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "current-context" -d 'Print the current context'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "delete-cluster" -d 'Delete a cluster from the kubeconfig'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "delete-context" -d 'Delete a context from the kubeconfig'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "delete-user" -d 'Delete a user from the kubeconfig'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "get-clusters" -d 'Print the clusters of the kubeconfig'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "get-contexts" -d 'Print contexts'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "get-users" -d 'Print the users of the kubeconfig'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "rename-context" -d 'Rename a context'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "set" -d 'Set a single value of the kubeconfig'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "set-cluster" -d 'Set a cluster of the kubeconfig'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "set-context" -d 'Set a context of the kubeconfig'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "set-credentials" -d 'Set a user of the kubeconfig'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "unset" -d 'Unset a single value of the kubeconfig'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "use-context" -d 'Set the current context'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "use" -d 'Set the current context'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use view" -f -a "view" -d 'Show the merged kubeconfig or one file'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from current-context" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-context" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from delete-user" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l no-headers -d 'Leave the header line out.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from get-users" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from rename-context" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l set-raw-bytes -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l proxy-url -d 'Proxy for the cluster.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l embed-certs -d 'Write certificates into the kubeconfig.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l current -d 'Change the current context.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-context" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l auth-provider -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l auth-provider-arg -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l exec-api-version -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l exec-arg -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l exec-command -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l exec-env -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l exec-interactive-mode -d 'See the Kubernetes documentation.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l embed-certs -d 'Write certificates into the kubeconfig.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l exec-provide-cluster-info -d 'See the Kubernetes documentation.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from unset" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use-context" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l template -d 'Template, or its file, for template formats.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l allow-missing-template-keys -d 'Ignore fields of a template that the object has not.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l flatten -d 'Write the files\' content into the output, so that it stands alone.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l merge -d 'Merge the kubeconfig files.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l minify -d 'Keep only what the current context uses.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l raw -d 'Path to ask the server for, or raw data.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l show-managed-fields -d 'Keep managedFields in JSON and YAML.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand config; and __fish_seen_subcommand_from view" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand kuberc" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and not __fish_seen_subcommand_from list" -f -a "list" -d 'List plugins on the PATH'
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l name-only -d 'Print names without folders.'
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand plugin; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -s o -l output -d 'Format of the output.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l client -d 'Print the client\'s version alone; no server is needed.'
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand version" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -f -a "start" -d 'Start the cluster, or find it running'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -f -a "stop" -d 'Stop the cluster; pods\' disks and all state stay'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -f -a "delete" -d 'Delete the cluster and everything it made'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -f -a "status" -d 'Say what runs'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -f -a "kubeconfig" -d 'Print a kubeconfig for other programs'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -f -a "logs" -d 'Print the cluster\'s own log'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and not __fish_seen_subcommand_from start stop delete status kubeconfig logs run" -f -a "run" -d 'Run the cluster in the foreground'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l secure-port -d 'Port for HTTPS' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l bind-address -d 'Address for HTTPS' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l token-auth-file -d 'File with static tokens: token,user,uid,"group,..."' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l client-ca-file -d 'Authorities whose client certificates are trusted' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l tls-cert-file -d 'Certificate for HTTPS' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l tls-private-key-file -d 'Key for HTTPS' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l etcd-servers -d 'etcd servers to keep the state in, instead of the embedded store' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l service-cluster-ip-range -d 'Addresses of services' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l service-node-port-range -d 'Ports of services on nodes' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l cluster-cidr -d 'Addresses of pods' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l authorization-mode -d 'How requests are authorized' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l enable-admission-plugins -d 'Admission plugins to add' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l disable-admission-plugins -d 'Admission plugins to leave out' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l feature-gates -d 'Feature gates: name=true' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l anonymous-auth -d 'Let callers without credentials in, with few rights' -r -f -a "true\t''
false\t''"
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l service-account-issuer -d 'Issuer of service account tokens' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l audit-policy-file -d 'Which requests are written to the audit log' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l audit-log-path -d 'Where the audit log is written' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l proxy-mode -d 'How services are served: nftables, iptables or ipvs' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l cluster-dns -d 'Address of the cluster\'s name server' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l cluster-domain -d 'Domain of the cluster\'s names' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l hostname-override -d 'Name of the node' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -s v -l v -d 'Verbosity of the log' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l no-node -d 'Run the control plane alone, without a node'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from kubeconfig" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Go on printing'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l secure-port -d 'Port for HTTPS' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l bind-address -d 'Address for HTTPS' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l token-auth-file -d 'File with static tokens: token,user,uid,"group,..."' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l client-ca-file -d 'Authorities whose client certificates are trusted' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l tls-cert-file -d 'Certificate for HTTPS' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l tls-private-key-file -d 'Key for HTTPS' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l etcd-servers -d 'etcd servers to keep the state in, instead of the embedded store' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l service-cluster-ip-range -d 'Addresses of services' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l service-node-port-range -d 'Ports of services on nodes' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l cluster-cidr -d 'Addresses of pods' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l authorization-mode -d 'How requests are authorized' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l enable-admission-plugins -d 'Admission plugins to add' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l disable-admission-plugins -d 'Admission plugins to leave out' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l feature-gates -d 'Feature gates: name=true' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l anonymous-auth -d 'Let callers without credentials in, with few rights' -r -f -a "true\t''
false\t''"
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l service-account-issuer -d 'Issuer of service account tokens' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l audit-policy-file -d 'Which requests are written to the audit log' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l audit-log-path -d 'Where the audit log is written' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l proxy-mode -d 'How services are served: nftables, iptables or ipvs' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l cluster-dns -d 'Address of the cluster\'s name server' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l cluster-domain -d 'Domain of the cluster\'s names' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l hostname-override -d 'Name of the node' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -s v -l v -d 'Verbosity of the log' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l no-node -d 'Run the control plane alone, without a node'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l resident -d 'Run in a session of its own, with the settings of the last start'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand cluster; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -f -a "load" -d 'Load images from an archive (docker-archive, OCI archive or layout); `-` reads stdin'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -f -a "ls" -d 'List images'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -f -a "pull" -d 'Pull images from their registries'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and not __fish_seen_subcommand_from load ls pull rm" -f -a "rm" -d 'Remove images'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from load" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from pull" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand image; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -f -a "join" -d 'Join this machine to a cluster'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and not __fish_seen_subcommand_from join token" -f -a "token" -d 'Make a token for joining'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l token -d 'Token to join with' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l hostname-override -d 'Name of the node' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from join" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand node; and __fish_seen_subcommand_from token" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -s v -l v -d 'Verbosity of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l secure-port -d 'Port for HTTPS' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l bind-address -d 'Address for HTTPS' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l token-auth-file -d 'File with static tokens: token,user,uid,"group,..."' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l client-ca-file -d 'Authorities whose client certificates are trusted' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l tls-cert-file -d 'Certificate for HTTPS' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l tls-private-key-file -d 'Key for HTTPS' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l etcd-servers -d 'etcd servers to keep the state in, instead of the embedded store' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l service-cluster-ip-range -d 'Addresses of services' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l service-node-port-range -d 'Ports of services on nodes' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l cluster-cidr -d 'Addresses of pods' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l authorization-mode -d 'How requests are authorized' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l enable-admission-plugins -d 'Admission plugins to add' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l disable-admission-plugins -d 'Admission plugins to leave out' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l feature-gates -d 'Feature gates: name=true' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l anonymous-auth -d 'Let callers without credentials in, with few rights' -r -f -a "true\t''
false\t''"
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l service-account-issuer -d 'Issuer of service account tokens' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l audit-policy-file -d 'Which requests are written to the audit log' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l audit-log-path -d 'Where the audit log is written' -r -F
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l proxy-mode -d 'How services are served: nftables, iptables or ipvs' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l cluster-dns -d 'Address of the cluster\'s name server' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l cluster-domain -d 'Domain of the cluster\'s names' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l hostname-override -d 'Name of the node' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -s v -l v -d 'Verbosity of the log' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l as -d 'User to act as.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l as-group -d 'Group to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l as-uid -d 'UID to act with.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l as-user-extra -d 'Extra user field to act with; may be repeated.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l cache-dir -d 'Folder of the discovery cache.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l certificate-authority -d 'File with the authorities to trust.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l client-certificate -d 'File with the client certificate.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l client-key -d 'File with the client key.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l cluster -d 'Cluster of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l context -d 'Context of the kubeconfig to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l kubeconfig -d 'The kubeconfig file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l kuberc -d 'File of preferences.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l log-flush-frequency -d 'Longest time between flushes of the log.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -s n -l namespace -d 'Namespace of this request.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l password -d 'Password for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l profile -d 'Profile to use.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l profile-output -d 'File for the profile.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l request-timeout -d 'Longest wait for an answer; 0 for none.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -s s -l server -d 'Address of the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l tls-server-name -d 'Name that the server\'s certificate must bear.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l token -d 'Bearer token for the API server.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l user -d 'User of the kubeconfig, or user to bind.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l username -d 'User name for basic authentication.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l vmodule -d 'Verbosity of the log, file by file.' -r
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l no-node -d 'Run the control plane alone, without a node'
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l disable-compression -d 'Do not ask for compressed answers.'
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate.'
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l match-server-version -d 'Insist that client and server have the same version.'
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -l warnings-as-errors -d 'Treat the server\'s warnings as errors.'
complete -c kanoe -n "__fish_kanoe_using_subcommand with" -s h -l help -d 'Print help'
