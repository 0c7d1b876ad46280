"""ImageRepository, ImagePolicy and ImageUpdateAutomation."""

import re
import zlib

from flux_cli.core.objects import Object, dig, items, text
from flux_cli.kinds import named
from flux_cli.sandbox.controllers._loop import Desk
from flux_cli.sandbox.controllers._needs import find
from flux_cli.sandbox.controllers._outcome import Failure, Note, Outcome, Waiting, ready
from flux_cli.sandbox.controllers.sources import need_secret
from flux_cli.sandbox.stamps import now
from flux_cli.sandbox.world import fits, order


class _Image:
    static = False
    work = "reconciliation in progress"
    ready_work = "reconciliation in progress"
    failing = "reconciliation in progress"

    def clean_up(self, desk: Desk, obj: Object) -> None:
        """Nothing of these is outside the object."""


class ImageRepository(_Image):
    """Tags are those of the scenario."""

    kind = named("ImageRepository")

    def reconcile(self, desk: Desk, obj: Object) -> Outcome:
        image = text(obj, "spec.image")
        if "://" in image or not re.fullmatch(r"[\w.\-/]+(:\d+)?[\w.\-/]*", image):
            raise Failure("ImageURLInvalid", f"could not parse reference: {image}", stalled=True)
        need_secret(desk, obj, "spec.secretRef.name", "failed to configure authentication options: {error}", "")
        excluded = items(obj, "spec.exclusionList") or [r"^.*\.sig$"]
        tags = [tag for tag in desk.world.tags(image) if not any(re.search(pattern, tag) for pattern in excluded)]
        checksum = str(zlib.crc32("".join(sorted(tags)).encode()))
        message = f"successful scan: found {len(tags)} tags with checksum {checksum}"
        newest = sorted(tags, reverse=True)[:10]
        scan = {"latestTags": newest, "revision": checksum, "scanTime": now(), "tagCount": len(tags)}
        registry, _, rest = image.partition("/")
        if not rest or ("." not in registry and ":" not in registry and registry != "localhost"):
            image = f"index.docker.io/{image}" if "/" in image else f"index.docker.io/library/{image}"
        status: Object = {"canonicalImageName": image, "lastScanResult": scan, "observedExclusionList": excluded}
        return Outcome(ready("Succeeded", message), True, status, (Note("Succeeded", message),))


class ImagePolicy(_Image):
    """Chooses the newest tag by its rule."""

    kind = named("ImagePolicy")

    def reconcile(self, desk: Desk, obj: Object) -> Outcome:
        ref = next((need.ref for need in self.kind.needs(obj)), None)
        repository = find(desk, ref) if ref else None
        if ref is None or repository is None:
            name = ref.name if ref else ""
            said = "failed to get the referred ImageRepository: referenced ImageRepository does not exist: "
            raise Failure("DependencyNotReady", f'{said}ImageRepository.image.toolkit.fluxcd.io "{name}" not found')
        if not dig(repository, "status.lastScanResult"):
            said = "retrying in 30s error: no tags in database"
            raise Waiting("DependencyNotReady", said, said, note=Note("DependencyNotReady", said, warning=True))
        image = text(repository, "spec.image")
        tag = self._choose(obj, desk.world.tags(image))
        before = text(obj, "status.latestRef.tag")
        message = f"Latest image tag for {image} resolved to {tag}"
        status: Object = {"latestRef": {"name": image, "tag": tag}}
        if before and before != tag:
            message += f" (previously {image}:{before})"
            status["observedPreviousRef"] = {"name": image, "tag": before}
        notes = (Note("Succeeded", message),) if before != tag else ()
        return Outcome(ready("Succeeded", message), True, status, notes)

    def _choose(self, obj: Object, tags: list[str]) -> str:
        pattern, extract = text(obj, "spec.filterTags.pattern"), text(obj, "spec.filterTags.extract")
        try:
            known = {self._extracted(tag, pattern, extract): tag for tag in tags if not pattern or re.search(pattern, tag)}
        except re.error as err:
            raise Failure("InvalidPolicy", f"failed to filter tags: {err}", stalled=True) from None
        if not known:
            raise Failure("Failure", "version list argument cannot be empty")
        wanted = text(obj, "spec.policy.semver.range")
        if wanted:
            fitting = [value for value in known if fits(value, wanted)]
            if not fitting:
                raise Failure("Failure", "unable to determine latest version from provided list")
            return known[max(fitting, key=order)]
        numeric = dig(obj, "spec.policy.numerical")
        if isinstance(numeric, dict):
            numbers = [value for value in known if re.fullmatch(r"-?\d+(\.\d+)?", value)]
            if not numbers:
                raise Failure("Failure", "unable to determine latest version from provided list")
            ranked = sorted(numbers, key=float)
            return known[ranked[0] if text(numeric, "order") == "desc" else ranked[-1]]
        words = sorted(known)
        return known[words[0] if text(obj, "spec.policy.alphabetical.order") == "desc" else words[-1]]

    def _extracted(self, tag: str, pattern: str, extract: str) -> str:
        """``extract`` names groups as Go does: ``$ts`` and ``${ts}``."""
        found = re.search(pattern.replace("(?P<", "(?P<"), tag) if pattern and extract else None
        return found.expand(re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", extract)) if found else tag


class ImageUpdateAutomation(_Image):
    """There is never anything to push."""

    kind = named("ImageUpdateAutomation")

    def reconcile(self, desk: Desk, obj: Object) -> Outcome:
        source = next((need.ref for need in self.kind.needs(obj) if need.role == "source"), None)
        found = find(desk, source) if source else None
        if source is None or found is None:
            name = source.name if source else ""
            said = f'failed configuring source manager: GitRepository.source.toolkit.fluxcd.io "{name}" not found'
            raise Failure("SourceManagerFailed", said)
        if not text(obj, "spec.git.push.branch") and not text(obj, "spec.git.checkout.ref.branch") and not dig(found, "spec.ref"):
            raise Failure("InvalidSourceConfiguration", "invalid source configuration: no branch to push to", stalled=True)
        status: Object = {
            "lastAutomationRunTime": now(),
            "observedSourceRevision": text(found, "status.artifact.revision") or None,
        }
        return Outcome(ready("Succeeded", "repository up-to-date"), True, status, (Note("Succeeded", "repository up-to-date"),))


CONTROLLERS = [ImageRepository(), ImagePolicy(), ImageUpdateAutomation()]
