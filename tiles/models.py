"""The version of each map layer: it rises in the transaction that changes what the layer shows."""

from __future__ import annotations

from django.db import models


class LayerVersion(models.Model):
    """How often a layer's content has changed, per governorate ('' = everywhere); part of a tile's ETag."""

    layer = models.CharField(max_length=40)
    governorate = models.CharField(max_length=2, blank=True)
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["layer", "governorate"], name="one_version_per_layer")]

    def __str__(self) -> str:
        return f"{self.layer} {self.governorate} v{self.version}"
