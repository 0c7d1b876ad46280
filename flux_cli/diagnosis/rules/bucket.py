"""Object stores: buckets that are not there, credentials that they refuse."""

from flux_cli.diagnosis.rules._model import GENERIC, SPECIFIC, Example, Rule

# fmt: off
RULES = (
    Rule(
        "bucket-absent", "revision-not-found",
        (
            "the requested bucket", "notfound: bucket", "bucketnotfound", "permanentredirect",
            "moved permanently", "must be addressed using the specified endpoint",
            "bucket '…' not found", "the specified bucket does not exist", "nosuchbucket", "bucket name cannot be",
            "invalid bucket name", "bucket name contains", "containernotfound",
            "the specified container does not exist", "bucket doesn't exist",
        ),
        ("self",),
        "There is no bucket of the name in spec.bucketName of {object}.",
        ("kubectl edit bucket {name} -n {namespace}  # bucketName, region, endpoint",),
        (
            Example("Bucket", "bucket 'charts' not found", "BucketOperationFailed"),
            Example("Bucket", "failed to confirm existence of 'b' bucket: Bucket name cannot be "
                                  "shorter than 3 characters"),
        ),
        kinds=("Bucket", "Kustomization"), rank=SPECIFIC,
    ),
    Rule(
        "bucket-denied", "bucket-access-denied",
        (
            "authorizationheadermalformed", "permissiondenied", "does not have storage.", "caller does not have",
            "invalidbucketowner", "secondleveldomainforbidden", "anonymous caller", "credential … expired",
            "expiredtoken", "token … expired", "invalid credentials", "unauthorized", "access denied",
            "accessdenied", "signaturedoesnotmatch", "signature we calculated does not match", "invalidaccesskeyid",
            "access key id you provided", "403 forbidden", "status code: 403", "status code: 401",
            "authorizationfailure", "authenticationfailed", "missing or invalid credentials",
            "could not find default credentials", "sts provider", "unable to get iam token", "the request signature",
            "no credential", "authorizationpermissionmismatch", "invalid_grant", "cannot fetch token",
            "failed to acquire a token", "failed to create provider access token", "failed to authenticate the request", "169.254.169.254", "400 bad request",
            "token is malformed", "security token included in the request", "failed to refresh cached credentials",
            "no ec2 imds role",
        ),
        ("login-secret", "self"),
        "The object store refuses the credentials that {object} uses, or their right to list and read "
        "the bucket.",
        (
            "Secret| kubectl get secret {root_name} -n {root_namespace} -o jsonpath='{{.data}}' | jq keys",
            "ServiceAccount| kubectl get serviceaccount {root_name} -n {root_namespace} -o yaml  # annotations: the cloud's role",
            "Bucket| kubectl edit bucket {name} -n {namespace}  # secretRef, or provider: aws|azure|gcp",
            "aws s3 ls s3://{bucket} --endpoint-url {url}  # with the same keys",
            "flux reconcile source bucket {name} -n {namespace}",
        ),
        (
            Example("Bucket",
                "failed to confirm existence of 'fluxcd' bucket: Access Denied.", "BucketOperationFailed"),
            Example("Bucket", "failed to confirm existence of 'b' bucket: The Access Key Id you "
                                  "provided does not exist in our records."),
        ),
        kinds=("Bucket",), rank=SPECIFIC,
    ),
    Rule(
        "bucket-authentication", "bucket-access-denied",
        ("failed to parse sts endpoint", "sts provider '", "is not required for the '…sts provider"),
        ("login-secret", "self"),
        "{object} cannot log in to its object store.",
        ("kubectl describe bucket {name} -n {namespace}",),
        (Example("Bucket", "odd", "AuthenticationFailed"),),
        kinds=("Bucket",), reasons=("AuthenticationFailed", "InvalidSTSConfiguration", "ClientError", "URLInvalid"),
        rank=GENERIC,
    ),
)
