#!/bin/sh
# pandas writes jobs into a folder a value of one of their columns (partition_cols): seed=007 and so on. One would expect the text
# back that was written. Its type is not kept, so each reader guesses: pandas, pyarrow and Polars make 7 of "007", fastparquet also
# 6432 of the layers "64_32", Polars 1.1 of the version "1.10"; and Dask, which takes the seeds for numbers and compares them
# with their text, has no value at all. DuckDB leaves these three as they are. From one file, without partitions, all do.
# Seen with pandas 3.1.1, pyarrow 25.0.1, fastparquet 2026.9.0, polars 2.1.0, dask 2026.8.0, duckdb 2.0.1.
. "$(dirname "$0")/lib"
in_packages 'pandas==3.1.1 pyarrow==25.0.1 fastparquet==2026.9.0 polars==2.1.0 dask[dataframe]==2026.8.0 duckdb==2.0.1' <<'PYTHON'
import importlib.metadata
import sys
import warnings

warnings.simplefilter("ignore")
import dask.dataframe
import duckdb
import pandas
import polars
import pyarrow.dataset

versions = [f"{name} {importlib.metadata.version(name)}" for name in "pandas pyarrow fastparquet polars dask duckdb".split()]
print(", ".join(versions))
texts = {"seed": ["007", "010"], "layers": ["64_32", "128"], "version": ["1.10", "1.9"]}
readers = {
    "pandas": lambda folder: pandas.read_parquet(folder),
    "fastparquet": lambda folder: pandas.read_parquet(folder, engine="fastparquet"),
    "pyarrow": lambda folder: pyarrow.dataset.dataset(folder, partitioning="hive").to_table().to_pandas(),
    "polars": lambda folder: polars.read_parquet(folder + "/").to_pandas(),
    "dask": lambda folder: dask.dataframe.read_parquet(folder).compute(scheduler="synchronous"),
    "duckdb": lambda folder: duckdb.sql(f"from read_parquet('{folder}/*/*.parquet', hive_partitioning = true)").df(),
}
changed = {reader: {} for reader in readers}
for column, values in texts.items():
    jobs = pandas.DataFrame({"job": ["a", "b"], column: values})
    jobs.to_parquet(column, partition_cols=[column])
    jobs.to_parquet(f"{column}.parquet")
    assert pandas.read_parquet(f"{column}.parquet")[column].tolist() == values
    for reader, read in readers.items():
        table = read(column).sort_values("job")
        value = table[column].astype(object).tolist()[0]
        if value != values[0]:
            changed[reader][values[0]] = str(value)
for reader, values in changed.items():
    print(f"{reader} reads otherwise: {values or 'nothing'}")
expected = {
    "pandas": {"007": "7"},
    "fastparquet": {"007": "7", "64_32": "6432", "1.10": "1.1"},
    "pyarrow": {"007": "7"},
    "polars": {"007": "7", "1.10": "1.1"},
    "dask": {"007": "nan"},
    "duckdb": {},
}
sys.exit(0 if changed == expected else 1)
PYTHON
