# Build a small root inside new namespaces and run a command in it; started by walls.py, never by hand.
# usage: small_root.sh WORKDIR BYTES { bind OUTSIDE INSIDE | link TARGET PATH }… run COMMAND…
new=$1 size=$2
shift 2
mount --make-rprivate /
mount -t tmpfs -o "size=$size,mode=755" none "$new"
mkdir -p "$new/proc" "$new/dev" "$new/tmp" "$new/.old"
chmod 1777 "$new/tmp"
while [ "$1" != run ]; do
  case $1 in
    bind)
      if [ -d "$2" ]; then mkdir -p "$new$3"; else mkdir -p "$(dirname "$new$3")"; : >"$new$3"; fi
      mount --rbind "$2" "$new$3"
      mount -o remount,bind,ro,nosuid,nodev "$new$3"
      ;;
    link) mkdir -p "$(dirname "$new$3")"; ln -s "$2" "$new$3" ;;
  esac
  shift 3
done
shift
for device in null zero full random urandom; do : >"$new/dev/$device"; mount --bind "/dev/$device" "$new/dev/$device"; done
mount -t proc -o nosuid,nodev,noexec proc "$new/proc"
mount -t tmpfs -o "size=$size,mode=1777,nosuid,nodev" none "$new/tmp"
cd "$new"
pivot_root . .old
cd /
umount -l /.old
mount -o remount,ro,nosuid,nodev / 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev /
cd /tmp
# not exec: the first process of a namespace cannot be ended by a limit
"$@"
