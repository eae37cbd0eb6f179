"""What was added without a look at old rows is checked without keeping anybody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_relations")]

    operations = [ValidateConstraint("party", "party_is_no_double_of_itself")]
